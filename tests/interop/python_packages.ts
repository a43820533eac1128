// The real packages whose files are imported and whose logging is recorded: one environment for all tests that need some of them.
const HERE = decodeURIComponent(new URL(".", import.meta.url).pathname);
const REQUIREMENTS = await Deno.readFile(`${HERE}requirements.txt`);
const HASH = new Uint8Array(await crypto.subtle.digest("SHA-256", REQUIREMENTS)).toHex().slice(0, 12);
const ENVIRONMENT = `${Deno.env.get("HOME")}/.cache/dbx-interop-${HASH}`;

/** How to get it, for whoever lacks it. */
export const ADVICE = `tests with real packages need them: python3 -m venv ${ENVIRONMENT} && ` +
  `${ENVIRONMENT}/bin/pip install --no-deps -r tests/interop/requirements.txt && touch ${ENVIRONMENT}/.complete`;

/** The Python that has them; undefined where they are not installed. */
export const PYTHON = await isThere(`${ENVIRONMENT}/.complete`) ? `${ENVIRONMENT}/bin/python` : undefined;

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

let isAdvised = false;

/** A test that needs the packages; skipped where they are not there, with a line that says how to get them. */
export function testWithPackages(name: string, run: (python: string) => Promise<void>): void {
  if (PYTHON === undefined && !isAdvised) {
    isAdvised = true;
    console.log(ADVICE);
  }
  Deno.test({ name, ignore: PYTHON === undefined, fn: () => run(PYTHON!) });
}

/** Runs a script that stands here. Returns what it printed. Throws where it fails. */
export async function runScript(
  python: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: [HERE + script, ...args],
    env: { PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`${script} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
