import { createHash } from "node:crypto";
import { toVector } from "./pieces.ts";
import type { FileState, State } from "./state.ts";

/** The time of the files of samples; each further one is a second later. */
export const TIME = 1_000_000_000_000;

/** A later one. */
export const WHEN = TIME + 500_000;

export const EXP = "0000000000exp";
export const RUN = "0000000000run";
export const OTHER = "1111111111exp";

const CREATED = `"createdAt":"2001-09-09T01:46:40.000Z"`;

/** A file of a text or of bytes, made so many seconds after the first one. */
export function file(content: string | Uint8Array, seconds = 0): FileState {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { ...toVector(bytes), time: TIME + seconds * 1000 };
}

export const MARKER = file(`{"dbx":1,"id":"0000000000abc",${CREATED}}\n`);

/** A state with its marker. */
export function state(...files: readonly Readonly<Record<string, FileState>>[]): State {
  return { files: Object.assign({ "dbx.json": MARKER }, ...files) };
}

/** An experiment. Its folder: `name` and id. */
export function experiment(id = EXP, name = "", seconds = 1): Record<string, FileState> {
  const meta = `{"id":"${id}","kind":"train","name":${JSON.stringify(name)},"params":{"lr":0.1},${CREATED}}\n`;
  return { [`${folder(id, name)}/meta.json`]: file(meta, seconds) };
}

/** A run with the lines of its logs. */
export function run(
  logs: Readonly<Record<string, string>>,
  { id = EXP, name = "", run = RUN, seconds = 2 } = {},
): Record<string, FileState> {
  const inside = `${folder(id, name)}/runs/${run}`;
  const files = Object.entries(logs).map(([log, text], at) => [`${inside}/${log}`, file(text, seconds + 1 + at)]);
  return { [`${inside}/meta.json`]: file(`{"id":"${run}",${CREATED}}\n`, seconds), ...Object.fromEntries(files) };
}

/** Notes that were made in a copy. */
export function notes(replica: string, lines: string, id = EXP, seconds = 9): Record<string, FileState> {
  return { [`${id}/notes/${replica}.log.jsonl`]: file(lines, seconds) };
}

/** The line of an event, whose time is that of the files. */
export function line(event: string, data: object = {}, seconds = 0): string {
  return JSON.stringify({ event, ts: TIME + seconds * 1000, ...data }) + "\n";
}

/** An object. */
export function object(content: string | Uint8Array, seconds = 20): Record<string, FileState> {
  return { [objectName(content)]: file(content, seconds) };
}

/** The name of the object with some bytes. */
export function objectName(content: string | Uint8Array): string {
  const sha256 = sha256Of(content);
  return `objects/${sha256.slice(0, 2)}/${sha256}`;
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The value of an event that refers to an object. */
export function expfile(content: string | Uint8Array, name = "model.bin"): object {
  return { _dbx: "expfile", exp: EXP, name, sha256: sha256Of(content) };
}

/** So many equal bytes. */
export function repeated(letter: string, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(letter.charCodeAt(0));
}

function folder(id: string, name: string): string {
  return name === "" ? id : `${name}/${id}`;
}
