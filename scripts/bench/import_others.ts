// `dbx import` against the readers of the packages themselves, on the same files: the processor time of each, with the start of
// the program, and the ratio. dbx also writes a repository meanwhile. Needs the executable and the packages of tests/interop.
// `--kinds mlflow,trackio`, `--values N`, `--rounds N`.
import { parseArgs } from "@std/cli/parse-args";
import { ADVICE, PYTHON } from "../../tests/interop/python_packages.ts";
import { binary, median } from "./tools.ts";

const given = parseArgs(Deno.args, { string: ["kinds", "values", "rounds"] });
if (PYTHON === undefined) {
  console.log(ADVICE);
  Deno.exit(1);
}
const python = PYTHON;
const VALUES = Number(given.values ?? 50_000);
const ROUNDS = Number(given.rounds ?? 3);

/** What is imported of the folder that a package wrote. */
const PATHS: Readonly<Record<string, string>> = { mlflow: "mlflow.db", trackio: ".", swanlab: "swanlog" };

const script = decodeURIComponent(new URL("import_data.py", import.meta.url).pathname);
const folder = await Deno.makeTempDir();

/** Processor seconds of a command, with those of what it started. */
async function cost(words: readonly string[]): Promise<number> {
  const args = ["-c", 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1 || echo failed >&2', "bash", ...words];
  const { stderr } = await new Deno.Command("bash", { args, stdin: "null" }).output();
  const text = new TextDecoder().decode(stderr).trim();
  if (text.includes("failed")) throw new Error(`failed: ${words.join(" ")}`);
  return text.split(" ").map(Number).reduce((sum, seconds) => sum + seconds, 0);
}

try {
  for (const kind of (given.kinds ?? Object.keys(PATHS).join(",")).split(",")) {
    const data = `${folder}/${kind}`;
    await cost([python, script, "write", kind, data, String(VALUES)]);
    const own: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await cost([python, script, "read", kind, data]));
      const repository = `${folder}/${kind}-${round}`;
      own.push(await cost([binary(), "--repo", repository, "import", kind, `${data}/${PATHS[kind]}`, "-q"]));
    }
    const [dbx, reader] = [median(own), median(theirs)];
    const times = `${reader.toFixed(2)} s, dbx ${dbx.toFixed(2)} s`;
    console.log(
      `${kind}: ${VALUES} steps: the package's reader ${times} of processor time: ${(reader / dbx).toFixed(1)} times`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
