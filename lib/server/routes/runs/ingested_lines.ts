import { countLines, decodeUtf8, lengthOfLines } from "../../../base/lines/lines_in.ts";
import { messageOf } from "../../../base/errors.ts";
import { encodeEvent } from "../../../format/events/encode_event.ts";
import { formatDeviation } from "../../../format/events/format_deviation.ts";
import { parseEvent } from "../../../format/events/parse_event.ts";
import { HttpError } from "../../http/http_error.ts";

/** How many lines there are, whatever they say. */
export function countWholeLines(bytes: Uint8Array): number {
  checkEnd(bytes);
  return countLines(bytes);
}

function checkEnd(bytes: Uint8Array): void {
  if (lengthOfLines(bytes) < bytes.length) throw new HttpError(400, "the last line does not end with a line feed");
}

/** How many events there are. Refuses lines that are not valid in a log: nothing of the body is stored then. */
export function countEvents(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  checkEnd(bytes);
  const lines = decodeUtf8(bytes)?.split("\n");
  if (lines === undefined) throw new HttpError(400, "the lines are not UTF-8");
  for (let at = 0; at < lines.length - 1; at++) {
    const why = checked(lines[at]);
    if (why !== undefined) throw new HttpError(400, `line ${at + 1} is not an event: ${why}`);
  }
  return lines.length - 1;
}

function checked(line: string): string | undefined {
  // Most lines are as dbx writes them; for those a parser that says whether it is JSON is enough.
  if (PLAIN.test(line)) {
    try {
      JSON.parse(line);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
  try {
    return formatDeviation(line);
  } catch (error) {
    return messageOf(error);
  }
}

/** A line that begins as events do, with a name and a time. */
const PLAIN = /^\{"event":"[A-Za-z0-9_.:-]+(?:\/[A-Za-z0-9_.:-]+){0,30}","ts":\d{1,15}[,}]/;

/** Lines as they must be: the event's name first, then a time, now where there is none. */
export function completed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const now = Date.now();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, "the lines are not UTF-8");
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const whole = lines.map((line, at) => {
    try {
      const { event, ts, data } = parseEvent(line);
      return encodeEvent(event, ts ?? now, data);
    } catch (error) {
      throw new HttpError(400, `line ${at + 1} is not an event: ${messageOf(error)}`);
    }
  });
  return new TextEncoder().encode(whole.join(""));
}
