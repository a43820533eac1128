// `dbx run` against the command alone. Needs the binary: `deno task compile`, or DBX_BINARY.
import { binary, compareCommands, machine } from "./bench_tools.ts";

const folder = await Deno.makeTempDir();
const run = [binary(), "run", "--repo", `${folder}/r`, "--quiet", "--no-git", "--"];
console.log(`dbx run, ${machine()}; medians of commands that take turns`);
const small = await compareCommands({ dbx: [...run, "true"], sh: ["sh", "-c", "true"] }, 9);
console.log(
  `  true:                 dbx run ${small.dbx.toFixed(0)} ms, sh -c ${small.sh.toFixed(1)} ms: ${
    (small.dbx - small.sh).toFixed(0)
  } ms more`,
);
const seq = "seq 1000000";
const large = await compareCommands({
  dbx: [...run, "sh", "-c", seq],
  tee: ["sh", "-c", `${seq} | tee ${folder}/file`],
}, 5);
console.log(
  `  a million lines:      dbx run ${large.dbx.toFixed(0)} ms, tee ${large.tee.toFixed(0)} ms: ${
    (large.dbx / large.tee).toFixed(1)
  } times`,
);
await Deno.remove(folder, { recursive: true });
