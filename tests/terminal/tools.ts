// Whether a test can have a terminal here: tmux, less, and `script` of util-linux.

/** How to get them, for whoever lacks them. */
const ADVICE =
  "tests on a terminal need tmux, less, script (util-linux) and bash; on Debian: apt-get install tmux less bsdutils";

async function isThere(program: string, flag: string, answer: RegExp): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command(program, { args: [flag], stdin: "null", stderr: "null" }).output();
    return answer.test(new TextDecoder().decode(stdout));
  } catch {
    return false;
  }
}

const isComplete = await isThere("tmux", "-V", /^tmux/) && await isThere("script", "--version", /util-linux/) &&
  await isThere("bash", "--version", /bash/) && await isThere("less", "--version", /^less/);
const isCi = Deno.env.get("CI") === "true";
if (!isComplete && !isCi) console.log(`skipped: ${ADVICE}`);

/** A test that has a terminal. Where there can be none it is skipped, but in CI it fails. */
export function terminalTest(name: string, test: () => Promise<void>): void {
  Deno.test({
    name,
    ignore: !isComplete && !isCi,
    fn: isComplete ? test : () => Promise.reject(new Error(ADVICE)),
  });
}

/** The environment of whoever sits at the terminal: this one's, without what a test run or another terminal left in it. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const strange =
    /^(NO_COLOR|FORCE_COLOR|CI|TERM|COLUMNS|LINES|TMUX.*|DBX_.*|DENO_NO_PROMPT|DENO_NO_UPDATE_CHECK|PS1)$/;
  const plain = Object.entries(Deno.env.toObject()).filter(([name]) => !strange.test(name));
  return {
    ...Object.fromEntries(plain),
    TERM: "xterm-256color",
    LC_ALL: "C.UTF-8",
    DENO_NO_UPDATE_CHECK: "1",
    PAGER: "cat", // Nobody is there who leaves one; the tests of the pager name another.
    ...more,
  };
}
