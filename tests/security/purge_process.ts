// Purges in a folder and dies at a step: `purge_process.ts FOLDER ID STEP [NTH]`.
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { PurgeStep } from "../../lib/store/local/purge/purge.ts";

const [folder, id, at, nth = "1"] = Deno.args;
let left = Number(nth);
await new LocalStore(folder).purge([id], {
  onStep(step: PurgeStep) {
    if (step === at && --left === 0) Deno.kill(Deno.pid, "SIGKILL");
  },
});
