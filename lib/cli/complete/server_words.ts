import { isObject } from "../../base/json.ts";
import { normalizeServerUrl } from "../../base/server_url.ts";
import { tokensFor } from "../../client/location/tokens.ts";
import { httpTransport } from "../../client/http/http_transport.ts";
import { listFromJson } from "../../protocol/list.ts";
import type { Completion } from "../command.ts";

/** Milliseconds for the one question by default: a shell waits for its answer. */
const LIMIT_MS = 80;

/** So many experiments are looked at, those that were made last. */
const MAX_EXPERIMENTS = 200;

/** What a server knows of the word that is typed: what it has not answered in a moment is not offered. */
export interface ServerWords {
  readonly experiments: readonly { readonly id: string; readonly about: string }[];
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly series: readonly string[];
  readonly params: readonly string[];
}

/** Which words are asked for by a list of experiments, with the condition of that list. */
const LISTED: Partial<Readonly<Record<Completion, string>>> = {
  experiment: "1",
  "run-file": "1",
  running: `status = "running"`,
  kind: "1",
  name: "1",
  tag: "1",
};

/**
 * Asks a server once.
 *
 * @param isNamed Whether the user named the server, not the settings of a project.
 * @throws What the request throws, or at the end of its time an `AbortError`.
 */
export async function askServer(
  repo: string,
  kinds: readonly Completion[],
  typed: string,
  { env, isNamed, limitMs = LIMIT_MS }: {
    readonly env: Readonly<Record<string, string>>;
    readonly isNamed: boolean;
    readonly limitMs?: number;
  },
): Promise<ServerWords> {
  const url = normalizeServerUrl(repo);
  const token = tokensFor([{ url, isNamed }], { env })[url]?.token;
  const ask = async (path: string, search: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> => {
    const request = new Request(`${url}/api/v1/${path}?${new URLSearchParams(search)}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(limitMs),
    });
    const response = await httpTransport(env.DBX_CA_FILE)(request);
    const json: unknown = response.ok ? await response.json() : undefined;
    return isObject(json) ? json : {};
  };
  const condition = kinds.map((kind) => LISTED[kind]).find((one) => one !== undefined);
  if (condition === undefined) return { ...NOTHING, ...schemaWords(await ask("schema")) };
  const isId = /^[0-9a-z]+$/.test(typed) && kinds.every((kind) => kind === "experiment" || kind === "running");
  const where = isId ? `exp GLOB '${typed}*' AND ${condition}` : condition;
  const search = { cols: "id,kind,name,tags", sort: "-created", limit: String(MAX_EXPERIMENTS), where };
  const rows = listFromJson(await ask("list", search))?.rows ?? [];
  const texts = (at: number) => [...new Set(rows.map((row) => row[at]).filter((text) => typeof text === "string"))];
  return {
    ...NOTHING,
    experiments: rows.map(([id, kind, name]) => ({ id: String(id), about: [name, kind].filter(Boolean).join("  ") })),
    kinds: texts(1),
    names: texts(2),
    tags: [...new Set(rows.flatMap((row) => Array.isArray(row[3]) ? row[3].map(String) : []))],
  };
}

const NOTHING: ServerWords = { experiments: [], kinds: [], names: [], tags: [], series: [], params: [] };

/** What a schema says of series and params. */
function schemaWords({ tables, keys }: Record<string, unknown>): Pick<ServerWords, "series" | "params"> {
  const items = (value: unknown) => Array.isArray(value) ? value.filter(isObject) : [];
  const dotted = items(tables).filter(({ name }) => name === "experiments").flatMap((table) => items(table.dotted));
  const names = dotted.map(({ name }) => String(name));
  return {
    series: items(keys).map(({ key }) => String(key)),
    params: names.filter((name) => name.startsWith("params.")).map((name) => name.slice("params.".length)),
  };
}
