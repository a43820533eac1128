import { DbxError } from "../base/errors.ts";
import type { LogReport } from "./log/log_writer.ts";

/** A run has ended, and some of its events could not be kept. */
export class LostEventsError extends DbxError {
  override name = "LostEventsError";

  constructor(run: string, readonly report: LogReport) {
    const { events, lost, reasons } = report;
    super(`Run ${run} lost ${lost} of ${events + lost} events: ${reasons.join("; ")}`);
  }
}
