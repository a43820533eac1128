import { main } from "./lib/cli/launch/launch.ts";
import { VERSION } from "./lib/base/version.ts";

await main(Deno.args, VERSION);
