import type { JsonObject } from "../../base/json.ts";

/** One event as it stands in a log; special values in `data` are not decoded. */
export interface LogEvent {
  event: string;
  /** Integer milliseconds since the Unix epoch; absent in v0 and in lines that other programs wrote without it. */
  ts?: number;
  data: JsonObject;
}

/** Bytes that a line may have. */
export const MAX_LINE_LENGTH = 256 * 1024 * 1024;
