// Runs schemathesis, which holds a server against its OpenAPI document.
import { scratch } from "../e2e/dbx.ts";

const HERE = decodeURIComponent(new URL(".", import.meta.url).pathname);
const VERSION = /^schemathesis==(.*)$/m.exec(await Deno.readTextFile(`${HERE}requirements.txt`))![1];
const ENVIRONMENT = `${Deno.env.get("HOME")}/.cache/dbx-schemathesis-${VERSION}`;

/** How to get it, for whoever lacks it. */
export const ADVICE = `tests of the OpenAPI document need schemathesis ${VERSION}: python3 -m venv ${ENVIRONMENT} && ` +
  `${ENVIRONMENT}/bin/pip install -r tests/openapi/requirements.txt`;

/** The program; undefined where it is not there in this version. */
export const SCHEMATHESIS = await isThere(`${ENVIRONMENT}/bin/schemathesis`)
  ? `${ENVIRONMENT}/bin/schemathesis`
  : await isThere("schemathesis")
  ? "schemathesis"
  : undefined;

async function isThere(program: string): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command(program, { args: ["--version"], stdin: "null", stderr: "null" }).output();
    return new TextDecoder().decode(stdout).includes(VERSION);
  } catch {
    return false;
  }
}

/** What is tried, and how much of it. */
export interface Trial {
  /** Phases: examples, coverage, fuzzing, stateful. */
  readonly phases: readonly string[];
  /** Requests of each operation that are made up. */
  readonly examples: number;
  readonly seed: number;
  readonly token?: string;
  /** What stands for the words in capitals in `schemathesis.toml`. */
  readonly known: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface Verdict {
  readonly isGood: boolean;
  readonly report: string;
}

/** Tries a server at an address. */
export async function tryServer(url: string, { phases, examples, seed, token, known }: Trial): Promise<Verdict> {
  await using folder = await scratch();
  let config = await Deno.readTextFile(`${HERE}schemathesis.toml`);
  for (const [word, value] of Object.entries(known)) {
    config = config.replaceAll(new RegExp(`\\b${word}\\b`, "g"), value);
  }
  await Deno.writeTextFile(`${folder.path}/schemathesis.toml`, config);
  await Deno.copyFile(`${HERE}hooks.py`, `${folder.path}/hooks.py`);
  const { code, stdout, stderr } = await new Deno.Command(SCHEMATHESIS!, {
    args: [
      "run",
      `${url}/api/v1/openapi.json`,
      ...token === undefined ? [] : ["--header", `Authorization: Bearer ${token}`],
      "--checks",
      "all",
      "--phases",
      phases.join(","),
      "--max-examples",
      String(examples),
      "--seed",
      String(seed),
      "--no-shrink",
      "--no-color",
    ],
    cwd: folder.path,
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "null",
  }).output();
  return { isGood: code === 0, report: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}
