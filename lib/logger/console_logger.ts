import { encodeEvent } from "../format/events/encode_event.ts";
import { LogContext } from "./log_context.ts";

/** A logger that prints each event as a line of JSON and needs no repository. */
export function consoleLogger(print: (line: string) => void = console.log): LogContext {
  return new LogContext({
    write(event, data) {
      try {
        print(encodeEvent(event, Date.now(), data).trimEnd());
      } catch (error) {
        print(`dbx: ${error instanceof Error ? error.message : error}`);
      }
    },
  });
}
