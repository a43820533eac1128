import { DamageError, GarbledError } from "../base/errors.ts";
import { TextLines } from "../base/lines/text_lines.ts";
import { isObject } from "../base/json.ts";
import { classifyPath } from "../format/layout/file_kind.ts";
import type { FileEntry } from "../store/store.ts";

/** Bytes of one line of an inventory, and entries in all. */
const MAX_LINE = 32 * 1024;
const MAX_ENTRIES = 5_000_000;

/** The lines of a stream of text, with a limit for each. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, who: string): AsyncGenerator<string[], void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lines = new TextLines(
    MAX_LINE,
    () => new DamageError(`Cannot read the inventory of ${who}: a line is too long`),
  );
  for await (const piece of stream) {
    let text: string;
    try {
      text = decoder.decode(piece, { stream: true });
    } catch {
      throw new DamageError(`Cannot read the inventory of ${who}: it is not UTF-8`);
    }
    const whole = lines.push(text);
    if (whole.length > 0) yield whole;
  }
  if (lines.length > 0) throw new GarbledError(`Cannot read the inventory of ${who}: it was cut off`);
}

/** The entry of a line of an inventory. Anything that no repository can hold is refused. */
export function entryOf(json: unknown, who: string, count: number): FileEntry {
  const refuse = (): never => {
    throw new DamageError(
      `Cannot read the inventory of ${who}: ${
        JSON.stringify(json)?.slice(0, 200)
      } is not a file that belongs in a repository`,
    );
  };
  if (count > MAX_ENTRIES) throw new DamageError(`Cannot read the inventory of ${who}: it does not end`);
  if (!Array.isArray(json)) return refuse();
  const [name, size, time] = json as unknown[];
  if (json.length > 3 || typeof name !== "string" || !isCount(size)) return refuse();
  const kind = classifyPath(name);
  if (kind === undefined || kind === "marker") return refuse();
  if (time === "partial") return kind === "object" ? { name, kind, size, partial: true } : refuse();
  if (time === undefined) return { name, kind, size };
  if (!Number.isSafeInteger(time) || kind === "object") return refuse();
  return { name, kind, size, modifiedAt: time as number };
}

/** What the head of an inventory says: the buckets that are sent, of so many, and the length of the marker. */
export function headOf(
  json: unknown,
  buckets: number | undefined,
): { readonly sent: ReadonlySet<number>; readonly marker?: number } | undefined {
  if (!isObject(json) || !Array.isArray(json.sent) || json.buckets !== (buckets ?? 1)) return undefined;
  const { marker } = json;
  if (marker !== undefined && !isCount(marker)) return undefined;
  const sent = new Set(json.sent as unknown[]);
  if (sent.size < json.sent.length || ![...sent].every((one) => isCount(one) && one < (buckets ?? 1))) return undefined;
  // Where nothing was known, all is sent.
  if (buckets === undefined && sent.size === 0) return undefined;
  return { sent: sent as Set<number>, marker };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
