// `dbx run` against the command alone. Needs the binary: `deno task compile`, or DBX_BINARY.
import { binary, compareCommands, machine } from "./tools.ts";

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
// Lines as a logger prints them: each one is looked at for metrics, and has none.
const line = "2026-01-02 10:00:00,123 - root - INFO - processed a sample of the data set\n";
await Deno.writeTextFile(`${folder}/text`, line.repeat(1_000_000));
const logged = await compareCommands({
  dbx: [...run, "cat", `${folder}/text`],
  without: [...run.slice(0, -1), "--no-scalars", "--", "cat", `${folder}/text`],
}, 5);
console.log(
  `  a million log lines:  dbx run ${logged.dbx.toFixed(0)} ms, with --no-scalars ${logged.without.toFixed(0)} ms`,
);
await Deno.remove(folder, { recursive: true });
