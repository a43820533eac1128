import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { closingSeal, parseSeal, SEAL_EVENT } from "../../format/events/seal.ts";
import type { Run } from "./run.ts";

/** Longer life logs are not looked through: their runs are looked at each time. */
const MAX_LIFE_LOG_BYTES = 4 * 1024 * 1024;

/**
 * The lengths of the logs of a run by their names, if it is closed: its life log ends with its end, which is sealed,
 * and each other log, of those that it has and of those that were sealed, is as long as its last seal says. Undefined
 * if it is not, or where something changed so short a time ago that it may change again without its time telling.
 *
 * @param names Of the logs that it has. @param now Milliseconds since the Unix epoch.
 */
export async function closedLengths(
  run: Run,
  names: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number> | undefined> {
  const lengths = new Map<string, number>();
  const { store } = run.experiment.repository;
  for (const name of names) {
    const look = store.look?.(run.logPath(name));
    if (look?.kind !== "file") return undefined;
    const changed = Math.max(look.modifiedAt ?? NaN, look.changedAt ?? NaN);
    if (!(now - changed >= TIMESTAMP_GRANULARITY_MS)) return undefined;
    lengths.set(name, look.size);
  }
  const life = lengths.get("dbx");
  if (life === undefined || life > MAX_LIFE_LOG_BYTES) return undefined;
  const bytes = await store.read(run.logPath("dbx"), { listed: true });
  if (bytes.length !== life) return undefined;
  return isClosed(new TextDecoder().decode(bytes), lengths) ? lengths : undefined;
}

/** Whether a life log says that its run is closed, with logs of these lengths. */
export function isClosed(life: string, lengths: ReadonlyMap<string, number>): boolean {
  const sealed = sealedLengths(life);
  if (sealed === undefined) return false;
  for (const name of sealed.keys()) if (!lengths.has(name)) return false;
  for (const [name, length] of lengths) {
    // A log in which nothing stands is not sealed.
    if (name !== "dbx" && (sealed.get(name) ?? 0) !== length) return false;
  }
  return true;
}

/** The lengths that the last seals of logs in a life log say; undefined where it does not end with a sealed end. */
function sealedLengths(life: string): ReadonlyMap<string, number> | undefined {
  const lines = life.split("\n");
  // What follows the last line feed is not an event yet.
  if (lines.pop() !== "") return undefined;
  const last = lines.at(-1) ?? "";
  if (!last.startsWith('{"event":"dbx/end"') || closingSeal(last) === undefined) return undefined;
  const sealed = new Map<string, number>();
  for (const line of lines) {
    if (!line.includes(SEAL_EVENT)) continue;
    try {
      const { event, data } = parseEvent(line);
      const seal = event === SEAL_EVENT ? parseSeal(data) : undefined;
      if (seal?.log !== undefined && seal.log !== "dbx") sealed.set(seal.log, seal.size);
    } catch {
      return undefined; // A damaged line: a check reports it.
    }
  }
  return sealed;
}
