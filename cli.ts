import { main } from "./lib/commands/launch.ts";
import { VERSION } from "./lib/base/version.ts";

await main(Deno.args, VERSION);
