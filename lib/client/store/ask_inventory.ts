import { createHash } from "node:crypto";
import { DamageError, GarbledError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { MARKER_FILE } from "../../format/layout/names.ts";
import { bucketOf, bucketsFor, digest } from "../../protocol/inventory_digests.ts";
import { entryOf, headOf, linesOf } from "../../protocol/inventory_lines.ts";
import type { BulkOptions, FileEntry, ListFilesOptions } from "../../store/store.ts";
import type { HttpClient } from "../http/client.ts";

const WHAT = "an inventory";

/**
 * Asks for an inventory. `own`: what is known, of which only what has changed comes; `same`: what is as it was.
 */
export async function askInventory(
  client: HttpClient,
  own: readonly FileEntry[],
  { signal, fresh }: Pick<ListFilesOptions, "signal" | "fresh">,
): Promise<{ readonly entries: FileEntry[]; readonly same: readonly (readonly FileEntry[])[] }> {
  const buckets = bucketsFor(own.length);
  const { digests, members } = digest(own, buckets);
  const json = {
    ...(own.length > 0 && { buckets, digests: digests.join("") }),
    ...(fresh === true && { fresh }),
  };
  const { entries, sent } = await client.retry.run(async () => {
    const response = await client.call("inventory", { json, signal, effort: "work", retries: 0 });
    try {
      return await readInventory(client, response, own.length > 0 ? buckets : undefined);
    } catch (error) {
      // Its checksum comes last: until then a flipped bit looks like a rule that was broken.
      if (error instanceof DamageError && !signal?.aborted) throw new GarbledError(error.message);
      throw error;
    }
  }, { signal });
  const same = own.length === 0 ? [] : members.filter((_, bucket) => !sent.has(bucket));
  return { entries, same };
}

/** Whether the files are no longer these; resolves when they are not, or after so many seconds. */
export async function askForNews(
  client: HttpClient,
  last: readonly FileEntry[],
  seconds: number,
  { signal }: BulkOptions,
): Promise<boolean> {
  const buckets = bucketsFor(last.length);
  const { digests } = digest(last, buckets);
  const json = { buckets, digests: digests.join(""), wait: seconds };
  const response = await client.call("inventory", { json, signal, effort: "work", retries: 0 });
  return (await readInventory(client, response, buckets)).sent.size > 0;
}

/** The entries of an inventory, when all of it has come and has its checksum. */
async function readInventory(
  client: HttpClient,
  response: Response,
  buckets: number | undefined,
): Promise<{ readonly entries: FileEntry[]; readonly sent: ReadonlySet<number> }> {
  const entries: FileEntry[] = [];
  const hash = createHash("sha256");
  const names = new Set<string>();
  let sent: ReadonlySet<number> | undefined;
  let count = 0, isOver = false;
  for await (const lines of linesOf(response.body ?? new Blob([]).stream(), client.location)) {
    for (const line of lines) {
      if (isOver) throw client.protocolError(WHAT);
      const json = client.parse(line, WHAT);
      if (isObject(json) && typeof json.end === "number" && sent !== undefined) {
        if (json.end !== count || json.sha256 !== hash.digest("hex")) throw client.garbledError();
        isOver = true;
        continue;
      }
      hash.update(line + "\n");
      if (sent === undefined) {
        const head = headOf(json, buckets);
        if (head === undefined) throw client.protocolError(WHAT);
        sent = head.sent;
        if (head.marker !== undefined) entries.push({ name: MARKER_FILE, kind: "marker", size: head.marker });
      } else {
        const entry = entryOf(json, client.location, ++count);
        const isMeant = buckets === undefined || entry.partial || sent.has(bucketOf(entry.name, buckets));
        if (!isMeant || names.has(entry.name)) throw client.protocolError(WHAT);
        names.add(entry.name);
        entries.push(entry);
      }
    }
  }
  if (isOver && sent !== undefined) return { entries, sent };
  throw new GarbledError(`Cannot read the inventory of ${client.location}: it was cut off`);
}
