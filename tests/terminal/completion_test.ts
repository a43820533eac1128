// What a tab completes in zsh and fish, for real; for bash see `tests/security/completion_test.ts` too.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** Names of folders that a shell could take for more than a name; each makes a file `sprung` then. */
const HOSTILE = ["$(>sprung)", "`>sprung`", "(touch sprung)", "a;>sprung", "a' ;>sprung; '", "e'*'(+touch)"];

/** How a shell without the user's own settings is told of dbx, which itself only says what it was given. */
const SHELLS = {
  zsh: {
    start: "zsh -f -i",
    settings: [
      "PS1='ready> '; setopt NO_BEEP; autoload -U compinit; compinit -u -D",
      "source ../completion; dbx() { printf '<%s>' \"$@\" >>../given; echo >>../given; }",
    ],
  },
  fish: {
    start: "fish --no-config -i",
    settings: [
      "function fish_prompt; echo -n 'ready> '; end; function fish_right_prompt; end; set -g fish_greeting",
      "source ../completion; function dbx; printf '<%s>' $argv >>../given; echo >>../given; end",
    ],
  },
} as const;

/** Types lines with tabs in a shell; what dbx was then given, line by line. */
async function given(shell: keyof typeof SHELLS, folder: string, cwd: string, lines: readonly string[]) {
  const { start, settings } = SHELLS[shell];
  const { stdout, code } = await dbx(["completions", shell]);
  assertEquals(code, 0);
  await Deno.writeTextFile(`${folder}/completion`, stdout);
  const path = `${folder}/given`;
  await Deno.remove(path).catch(() => {});
  const count = async () => (await Deno.readTextFile(path).catch(() => "")).split("\n").length - 1;
  await using terminal = await Terminal.start(start, { cwd, env: { HOME: folder }, columns: 200 });
  for (const line of [...settings, "dbx begin"]) await terminal.enter(line);
  const until = async (wanted: number) => {
    for (const end = Date.now() + 60_000; await count() < wanted;) {
      assert(Date.now() < end, `dbx was not called:\n${await terminal.everything()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await until(1);
  for (const [at, line] of lines.entries()) {
    const [first, ...rest] = line.split("\t");
    await terminal.type(first);
    for (const piece of rest) {
      await terminal.press("Tab");
      if (piece !== "") await terminal.type(piece);
    }
    await terminal.press("Enter");
    await until(2 + at);
  }
  await terminal.enter("exit");
  await terminal.end();
  return (await Deno.readTextFile(path)).split("\n").slice(1, -1);
}

for (const shell of ["zsh", "fish"] as const) {
  const isThere = await new Deno.Command(shell, { args: ["--version"] }).output().then(() => true, () => false);
  if (!isThere && Deno.env.get("CI") !== "true") {
    console.log(`skipped: completion in ${shell}, which is not here; on Debian: apt-get install ${shell}`);
    continue;
  }
  terminalTest(`completion: in ${shell}, a tab completes commands, their actions and options`, async () => {
    await using folder = await scratch();
    await Deno.mkdir(`${folder.path}/in`);
    const lines = [
      "dbx compl\tzs\t",
      "dbx token ren\tew\t x",
      "dbx ls --so\tname",
      "dbx remote tr\t",
    ];
    assertEquals(await given(shell, folder.path, `${folder.path}/in`, lines), [
      "<completions><zsh>",
      "<token><renew><x>",
      "<ls><--sort><name>",
      "<remote><trust>",
    ]);
  });

  terminalTest(`completion: in ${shell}, a folder of any name is completed as a name, and never run`, async () => {
    await using folder = await scratch();
    for (const [at, name] of HOSTILE.entries()) await Deno.mkdir(`${folder.path}/${at}/${name}`, { recursive: true });
    const lines = HOSTILE.flatMap((_, at) => [`cd ../${at}; dbx there`, "dbx ls --repo \t"]);
    const said = await given(shell, folder.path, `${folder.path}/0`, lines);
    for (const [at, name] of HOSTILE.entries()) {
      assertEquals(said[2 * at + 1].replace(/\/>$/, ">"), `<ls><--repo><${name}>`);
      const names = Array.from(Deno.readDirSync(`${folder.path}/${at}`), (entry) => entry.name);
      assertEquals(names, [name], `"${name}" was run`);
    }
  });
}
