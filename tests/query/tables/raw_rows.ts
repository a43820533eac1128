import type { Value } from "../../../lib/query/values/value.ts";

/** An event as its line says it. */
export interface RawEvent {
  readonly exp: string;
  readonly run: string;
  readonly log: string;
  readonly line: number;
  readonly event: string;
  readonly ts: number | undefined;
  readonly data: Record<string, unknown>;
  /** The data as it is written: the line without the name and the time. */
  readonly text: string;
}

/** Every event of a repository on the disk, by its folders and lines alone. */
export async function rawEvents(folder: string): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  for (const path of (await logPermissionPaths(folder)).sort()) {
    const [, exp, run, log] = /([^/]+)\/runs\/([^/]+)\/(.+?)(?:\.log)?\.jsonl$/.exec(path)!;
    const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
    lines.forEach((text, at) => {
      let json: Record<string, unknown>;
      try {
        json = JSON.parse(text);
      } catch {
        return;
      }
      const { event, ts, ...data } = json;
      const rest = text.replace(/^\{"event":"[^"]*"(?:,"ts":\d+)?,?/, "{");
      const own = { event: event as string, ts: ts as number | undefined, data, text: rest };
      events.push({ exp, run, log, line: at + 1, ...own });
    });
  }
  return events;
}

async function logPermissionPaths(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && name !== ".dbx") paths.push(...await logPermissionPaths(`${folder}/${name}`));
    else if (/\.jsonl$/.test(name) && folder.includes("/runs/")) paths.push(`${folder}/${name}`);
  }
  return paths;
}

/** The numbers in a name, from the left. */
export function rawCoordinates(event: string): number[] {
  return event.split("/").filter((part) => /^\d{1,15}$/.test(part)).map(Number);
}

/** The rows of `points`: exp, run, log, event, key, idx, step, value, c0, c1. */
export function rawPoints(events: readonly RawEvent[]): Value[][] {
  const counts = new Map<string, number>();
  const rows: Value[][] = [];
  for (const { exp, run, log, event, data } of events) {
    if (event.startsWith("dbx/")) continue;
    const coordinates = rawCoordinates(event);
    const pattern = event.split("/").map((part) => /^\d{1,15}$/.test(part) ? "*" : part).join("/");
    const own = typeof data.step === "number" ? data.step : undefined;
    const step = own ?? coordinates.at(-1);
    for (const [key, value] of leaves(data)) {
      if (key === "step" && own !== undefined) continue;
      const place = JSON.stringify([exp, run, log, pattern, key]);
      const idx = counts.get(place) ?? 0;
      counts.set(place, idx + 1);
      const [c0, c1] = [0, 1].map((at) => coordinates.length > at ? BigInt(coordinates[at]) : null);
      rows.push([exp, run, log, pattern, key, BigInt(idx), step ?? idx, Number.isNaN(value) ? null : value, c0, c1]);
    }
  }
  return rows;
}

const SPECIALS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** The numbers in data, and the keys that lead to them. */
function* leaves(json: unknown, path: readonly string[] = []): Generator<[key: string, value: number]> {
  if (typeof json === "number") yield [path.join("."), json];
  if (typeof json !== "object" || json === null) return;
  if ("_dbx" in json && typeof json._dbx === "string") {
    if (json._dbx in SPECIALS) yield [path.join("."), SPECIALS[json._dbx]];
    return;
  }
  for (const [key, value] of Object.entries(json)) yield* leaves(value, [...path, key.replaceAll(".", "\\.")]);
}
