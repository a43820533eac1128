import { createHash } from "node:crypto";
import type { EventRecord, ForeignRecord, ReadOptions } from "./foreign.ts";

/**
 * The records of an event that a tool writes over and over, such as a summary: it is yielded again when it has changed since the last
 * import, so that the log says each state that an import met.
 */
export function changingEvent(source: string, event: EventRecord, options: ReadOptions): ForeignRecord[] {
  const hash = createHash("sha256").update(JSON.stringify([event.name, event.data])).digest("hex");
  if (options.positions.get(source) === hash) return [];
  return [{ type: "source", source }, event, { type: "position", state: hash }];
}
