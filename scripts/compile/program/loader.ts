// In the executable: runs the chunks of the bundle, each a script with a function (see `../chunk.ts`), and with the bytecode of
// what everyday commands were seen to run (see `../learn.ts`). For modules the runtime keeps no bytecode but in a file that
// others can write; it would compile them anew at each start, which takes longer than what most commands do.
import { Script } from "node:vm";
import process from "node:process";

type Bytes = Uint8Array<ArrayBuffer>;
type Exports = Readonly<Record<string, unknown>>;
type Chunk = (
  get: (name: string) => Exports,
  load: (name: string) => Promise<Exports>,
  require: (name: string) => unknown,
  root: string,
  ...timers: readonly unknown[]
) => Exports | undefined;

/** Scripts, one after the other, and the bytecode of each behind it. */
export interface Group {
  readonly index: readonly (readonly [name: string, script: number, bytecode: number])[];
  readonly bytes: Bytes;
}

/** Groups by number, and which ones a chunk needs: no more than usual if none are listed. */
export interface Groups {
  load(group: number): Promise<Group>;
  readonly usual: readonly number[];
  readonly neededBy: Readonly<Record<string, readonly number[]>>;
}

/** The scripts that have run, by the names of their chunks. */
export const scripts: Map<string, Script> = new Map();

const TIMERS = [setTimeout, setInterval, clearTimeout, clearInterval];
const decoder = new TextDecoder();
const root = new URL("./", import.meta.url).href;
const sources = new Map<string, { readonly script: Bytes; readonly bytecode: Bytes }>();
const exported = new Map<string, Exports>();
const loading = new Map<number, Promise<void>>();
let groups: Groups;

/** Runs a chunk of the groups that are given. */
export function start(name: string, given: ReadonlyMap<number, Group>, others: Groups): void {
  groups = others;
  for (const [number, group] of given) {
    add(group);
    loading.set(number, Promise.resolve());
  }
  get(name);
}

function add({ index, bytes }: Group): void {
  let at = 0;
  for (const [name, script, bytecode] of index) {
    sources.set(name, { script: bytes.subarray(at, at += script), bytecode: bytes.subarray(at, at += bytecode) });
  }
}

/** What a chunk exports; it runs when it is asked for first. */
function get(name: string): Exports {
  const known = exported.get(name);
  if (known !== undefined) return known;
  const { script: text, bytecode } = sources.get(name)!;
  const cachedData = bytecode.length === 0 ? undefined : bytecode;
  const script = new Script(decoder.decode(text), { filename: root + name, cachedData });
  scripts.set(name, script);
  const chunk = script.runInThisContext() as Chunk;
  const found = chunk(get, load, process.getBuiltinModule, root, ...TIMERS) ?? {};
  exported.set(name, found);
  return found;
}

async function load(name: string): Promise<Exports> {
  for (const number of groups.neededBy[name] ?? (sources.has(name) ? [] : groups.usual)) {
    if (!loading.has(number)) loading.set(number, groups.load(number).then(add));
    await loading.get(number);
  }
  return get(name);
}
