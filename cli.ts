import { main } from "./lib/commands/launch.ts";
import { VERSION } from "./lib/commands/version.ts";

await main(Deno.args, VERSION);
