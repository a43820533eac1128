// A server whose users have tokens, and the routes by which they write.
import { concat } from "../../lib/base/bytes.ts";
import type { AppOptions } from "../../lib/server/app.ts";
import type { Role } from "../../lib/protocol/roles.ts";
import { TokenFile } from "../../lib/server/access/token_file.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import type { FileIssue } from "../../lib/store/store.ts";
import { scratch } from "../e2e/dbx.ts";
import { serve } from "../server/world.ts";

/** What is sent of a file: its name, bytes, where they belong, and when it was changed. */
export interface Sent {
  readonly name: string;
  readonly text: string;
  readonly offset?: number;
  readonly end?: boolean;
  readonly modifiedAt?: number;
  /** Of the whole file. Default: where this ends. */
  readonly size?: number;
}

/** What came of a request. */
export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
  readonly headers: Headers;
}

const STATUS = { diverged: 409, retry: 416, damaged: 422, refused: 403, failed: 500 };

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Somebody with a token. */
export class User {
  /** `server`: where it is now, after a restart too. */
  constructor(readonly server: { readonly api: string }, readonly token: string) {}

  get api(): string {
    return this.server.api;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, [PROTOCOL_HEADER]: PROTOCOL };
  }

  async ask(method: string, route: string, body?: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
    const response = await fetch(`${this.api}/${route}`, { method, body, headers: this.headers });
    const text = await response.text();
    let json: unknown = {};
    try {
      json = JSON.parse(text);
    } catch {
      // Lines, or nothing.
    }
    return { status: response.status, json, headers: response.headers };
  }

  async post(route: string, json: unknown): Promise<Answer> {
    return await this.ask("POST", route, JSON.stringify(json));
  }

  /** `sync/take`. */
  async take(files: readonly Sent[]): Promise<Answer & { readonly setbacks: readonly FileIssue[] }> {
    const encoder = new FrameEncoder();
    const pieces: Uint8Array[] = [];
    for (const { name, text, offset = 0, end = true, modifiedAt, size } of files) {
      const bytes = encode(text);
      pieces.push(...encoder.encode({ name, offset, bytes, end, size: size ?? offset + bytes.length, modifiedAt }));
    }
    const answer = await this.ask(
      "POST",
      "sync/take",
      concat([...pieces, encoder.last()]),
    );
    return { ...answer, setbacks: answer.json.setbacks ?? [] };
  }

  /** The same for one file; a setback has the status that other routes have for what it tells. */
  async send(name: string, text: string, offset = 0): Promise<Answer> {
    const answer = await this.take([{ name, text, offset }]);
    const [setback] = answer.setbacks;
    return setback === undefined
      ? answer
      : { ...answer, status: STATUS[setback.kind], json: { error: setback.message } };
  }

  /** Makes an experiment and a run of it. */
  async run(): Promise<{ readonly exp: string; readonly run: string; readonly folder: string }> {
    const { exp } = (await this.post("experiments", { kind: "k" })).json;
    const { run, folder } = (await this.post(`experiments/${exp}/runs`, {})).json;
    return { exp, run, folder };
  }
}

/** A server in this process. */
export interface World extends AsyncDisposable {
  readonly api: string;
  readonly url: string;
  readonly path: string;
  readonly tokens: TokenFile;
  /** Makes a token. */
  user(name: string, role: Role, more?: Parameters<TokenFile["add"]>[3]): User;
  /** The same server after a restart. */
  restart(): Promise<void>;
}

/** Serves a new repository. `tokens`: their file. */
export async function world(options: Partial<AppOptions> = {}): Promise<World> {
  const folder = await scratch();
  const path = `${folder.path}/repo`;
  const tokens = new TokenFile(`${folder.path}/tokens.json`);
  tokens.add("nobody", "read", 1);
  const start = () => serve({ path, tokens, ...options });
  let server = await start();
  const made: World = {
    get api() {
      return server.api;
    },
    get url() {
      return server.url;
    },
    path,
    tokens,
    user: (name, role, more) => new User(made, tokens.add(name, role, 1, more)),
    async restart() {
      await server[Symbol.asyncDispose]();
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
  return made;
}

/** A line of a log. */
export function line(event: string, data: object = {}): string {
  return JSON.stringify({ event, ts: 1, ...data }) + "\n";
}

/** The definition of a run. */
export function runDefinition(id: string, createdAt = new Date().toISOString()): string {
  return JSON.stringify({ id, createdAt });
}

/** The definition of an experiment. */
export function experimentDefinition(id: string, name = ""): string {
  return JSON.stringify({ id, kind: "k", name, params: {}, createdAt: "2026-01-01T00:00:00Z" });
}

/** All files below a folder: names, times and bytes. */
export async function filesBelow(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const one = `${path}/${name}`;
    if (isDirectory) {
      found[`${name}/`] = "";
      for (const [inner, text] of Object.entries(await filesBelow(one))) found[`${name}/${inner}`] = text;
    } else found[name] = `${(await Deno.stat(one)).mtime?.getTime()} ${await Deno.readTextFile(one)}`;
  }
  return found;
}
