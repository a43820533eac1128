import { OUTPUT_LOG } from "../foreign.ts";
import { runId } from "./names.ts";
import type { BegunRun, ImportTarget, RunPlace } from "./target.ts";

/** Characters of an id that tell the runs of one command apart. */
const SHORT = 6;

/** Writes all runs of a source into one run, which a command is recorded as. Printed lines are recorded there already. */
export class OneRunTarget implements ImportTarget {
  readonly ownsRuns = false;

  /** `tool`: the reader's kind. */
  constructor(readonly tool: string, readonly place: RunPlace) {}

  log(name: string, key: string): string | undefined {
    return name === OUTPUT_LOG ? undefined : `${this.tool}-${runId(this.tool, key).slice(0, SHORT)}.${name}`;
  }

  begin(): Promise<BegunRun> {
    return Promise.resolve({ place: this.place, isNew: false, remarks: [] });
  }
}
