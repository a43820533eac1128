import { lengthOfLines } from "../../base/lines/lines_in.ts";
import { isLifeLog } from "../../format/layout/name_tests.ts";
import type { Inventory } from "../inventory/side.ts";
import type { FileChunk } from "../../store/store.ts";

/**
 * Leaves out of the logs that seal others what was written since the inventory. The logs that they seal were read before them:
 * of a run that goes on, or ends just now, the copy would else have seals of lines that it lacks. The rest comes with the next
 * transfer.
 */
export async function* sealedParts(
  parts: AsyncIterable<readonly FileChunk[]>,
  inventory: Inventory,
): AsyncGenerator<readonly FileChunk[], void> {
  /** The log of which all has come that is to come. */
  let over: string | undefined;
  for await (const batch of parts) {
    const kept: FileChunk[] = [];
    for (const part of batch) {
      if (part.name === over) continue;
      over = undefined;
      const size = isLifeLog(part.name) ? inventory.get(part.name)?.size : undefined;
      if (size === undefined || part.error !== undefined || part.offset + part.bytes.length <= size) kept.push(part);
      else {
        over = part.end ? undefined : part.name;
        const inside = part.bytes.subarray(0, Math.max(0, size - part.offset));
        const bytes = inside.subarray(0, lengthOfLines(inside));
        // Without its time: with that, it would look like the whole.
        const { modifiedAt: _, ...rest } = part;
        kept.push({ ...rest, bytes, end: true, size: part.offset + bytes.length });
      }
    }
    if (kept.length > 0) yield kept;
  }
}
