// A command that takes the whole screen and ends badly, as its argument says.
import { runInWorker, sources } from "../../../lib/cli/launch/run_in_worker.ts";
import { workerPermissions } from "../../../lib/cli/launch/permissions.ts";

const environment = {
  cwd: "/",
  env: {},
  repo: "/",
  repos: ["/"],
  trust: [],
  tokenFile: undefined,
  insecure: false,
  now: 0,
};
const order = { command: [], args: Deno.args, environment } as unknown as Parameters<typeof runInWorker>[1];
const module = new URL("./worker.ts", import.meta.url);
const flags = { usesScreen: true, endsAtOnce: true };
Deno.exit(await runInWorker(module, order, workerPermissions({}, sources()), flags, {}));
