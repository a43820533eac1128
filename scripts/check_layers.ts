// Fails on a folder of lib that is not a layer, on an import that points up, on a circle (types and `import()`
// counted), on a folder of too many modules, on a module of too many lines, on a file that names `Deno` and need not, on a description of a command
// that loads more than it needs, and on anything in the graph of `mod.ts` that a plain URL import could not load.

import { checkHouse } from "./layers/check.ts";
import { RUNTIME_FILES } from "./layers/runtime_files.ts";

const { modules, errors } = checkHouse(new URL("..", import.meta.url), {
  layers: [
    "base",
    "python",
    "redact",
    "format",
    "fs",
    "plot",
    "terminal",
    "store",
    "repo",
    "logger",
    "printed",
    "index",
    "query",
    "protocol",
    "sync",
    "live",
    "client",
    "interop",
    "compare",
    "server",
    "cli",
    "commands",
  ],
  mapped: ["terminal", "cli", "commands"],
  runtimeFiles: RUNTIME_FILES,
  loadedAtStart:
    /^lib\/(base|fs|terminal|cli|commands)\/|^lib\/interop\/kinds\.ts$|^lib\/client\/(spool\/folder|http\/unreachable|location\/(schemes\/(?!open_)\w+|\w+_folder|default_repository|location|scheme|trust))\.ts$/,
});
for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`layers: ${modules} modules, 0 imports point up, 0 circles`);
