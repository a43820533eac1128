import { main } from "./lib/cli/launch/launch.ts";
import { commands, SUBJECTS as subjects } from "./lib/commands/table.ts";
import { VERSION } from "./lib/base/version.ts";

void main(Deno.args, {
  version: VERSION,
  commands,
  subjects,
  worker: new URL("./lib/commands/worker.ts", import.meta.url),
  loadHere: async () => {
    const { execute } = await import("./lib/commands/execute.ts");
    return (order) => execute(order, {});
  },
});
