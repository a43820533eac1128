import { GarbledError } from "../../base/errors.ts";
import { decodeParts } from "../../protocol/frames.ts";
import type { BulkOptions, FileChunk, ReadRange } from "../../store/store.ts";
import type { HttpClient } from "../http/client.ts";
import { ReceivedCheck } from "./received_check.ts";

/** Ranges in one request. */
const MAX_RANGES = 5_000;

/** Asks for parts of files, many at once. */
export async function* askFiles(
  client: HttpClient,
  wants: readonly ReadRange[],
  options: BulkOptions,
): AsyncGenerator<readonly FileChunk[], void> {
  for (let from = 0; from < wants.length; from += MAX_RANGES) {
    const asked = wants.slice(from, from + MAX_RANGES).map(({ name, offset }) => [name, offset] as const);
    yield* askAgain(client, new Map(asked), options);
  }
}

/** What was asked for; of an answer that breaks off, the rest is asked for again. */
async function* askAgain(
  client: HttpClient,
  asked: Map<string, number>,
  { signal }: BulkOptions,
): AsyncGenerator<readonly FileChunk[], void> {
  const given = new ReceivedCheck(client.location);
  for (let tries = 0; asked.size > 0;) {
    try {
      const json = { wants: [...asked] };
      const response = await client.call("give", { json, signal, effort: "work", retries: 0 });
      for await (const batch of decodeParts(response.body ?? new Blob([]).stream(), { who: client.location })) {
        signal?.throwIfAborted();
        for (const part of batch) {
          given.check(part, asked);
          if (part.end) asked.delete(part.name);
          else asked.set(part.name, part.offset + part.bytes.length);
          if (part.end || part.bytes.length > 0) tries = 0;
        }
        yield batch;
      }
      if (asked.size === 0) return;
      const [name] = asked.keys();
      throw new GarbledError(
        `Cannot read what ${client.location} sends: "${name}"${
          asked.size > 1 ? ` and ${asked.size - 1} other files were requested and` : " was requested and"
        } did not arrive; try again`,
      );
    } catch (error) {
      await client.retry.backOff(error, tries++, { signal });
    }
  }
}
