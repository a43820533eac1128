// What a tab completes in zsh and fish, for real; for bash see `tests/security/completion_test.ts` too.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { indexLater } from "../index/index_later.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** Names of folders that a shell could take for more than a name; each makes a file `sprung` then. */
const HOSTILE = ["$(>sprung)", "`>sprung`", "(touch sprung)", "a;>sprung", "a' ;>sprung; '", "e'*'(+touch)"];

/** How a shell without the user's own settings is told of dbx, which itself only says what it was given. */
const SHELLS = {
  bash: {
    start: "bash --norc --noprofile -i",
    settings: [
      "PS1='ready> '; bind 'set bell-style none'",
      "source ../completion; dbx() { printf '<%s>' \"$@\" >>../given; echo >>../given; }",
    ],
  },
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

terminalTest("completion: zsh, autoloaded from fpath: the first tab of a shell completes [slow]", async () => {
  await using folder = await scratch();
  const { stdout } = await dbx(["completions", "zsh"]);
  await Deno.writeTextFile(`${folder.path}/_dbx`, stdout);
  await using terminal = await Terminal.start("zsh -f -i", {
    cwd: folder.path,
    env: await dbxOnPath(folder.path),
  });
  await terminal.enter(
    `PS1='ready> '; setopt NO_BEEP; fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; clear`,
  );
  await terminal.waitFor(/ready>\s*$/);
  await terminal.type("dbx comp\t");
  await terminal.waitFor(/ready> dbx completions/);
});

/** Types lines with tabs in a shell; what dbx was then given, line by line. */
async function given(
  shell: keyof typeof SHELLS,
  folder: string,
  cwd: string,
  lines: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const { start, settings } = SHELLS[shell];
  const { stdout, code } = await dbx(["completions", shell]);
  assertEquals(code, 0);
  await Deno.writeTextFile(`${folder}/completion`, stdout);
  const path = `${folder}/given`;
  await Deno.remove(path).catch(() => {});
  const count = async () => (await Deno.readTextFile(path).catch(() => "")).split("\n").length - 1;
  await using terminal = await Terminal.start(start, { cwd, env: { HOME: folder, ...env }, columns: 200 });
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

/** Whether a shell can be tried here; in CI it has to be. */
async function isThere(shell: string): Promise<boolean> {
  const isInstalled = await new Deno.Command(shell, { args: ["--version"] }).output().then(() => true, () => false);
  if (isInstalled || Deno.env.get("CI") === "true") return true;
  console.log(`skipped: completion in ${shell}, which is not here; on Debian: apt-get install ${shell}`);
  return false;
}

/** A repository with an index, and names that a shell must not take for more. */
async function indexed(folder: string): Promise<{ readonly id: string; readonly gone: string }> {
  const repo = `${folder}/in/output`;
  const start = { cwd: `${folder}/in`, env: { XDG_CACHE_HOME: `${folder}/cache`, DBX_REPO: repo } };
  await dbx(["log", "--kind", "training", "--tag", "golden", "-p", "learning_rate=1", "train", "val_loss=1"], start);
  await dbx(
    ["log", "--kind", "$(touch sprung)", "--tag", "`touch sprung`", "-p", "$(touch sprung)=1", "e", "y=1"],
    start,
  );
  await dbx(["log", "--kind", "a;touch sprung", "--tag", "a b", "e", "z=1"], start);
  const gone = (await dbx(["ls", "--where", 'tags = "a b"', "--quiet"], start)).stdout.trim();
  await dbx(["rm", gone], start);
  await indexLater(repo);
  await dbx(["remote", "add", "laboratory", `${folder}/other`], start);
  const id = (await dbx(["ls", "--kind", "training", "--quiet"], start)).stdout.trim();
  await Deno.writeTextFile(`${folder}/model.bin`, "");
  for (const name of ["model.bin", "mode; touch sprung"]) await dbx(["put", id, "../model.bin", "--name", name], start);
  return { id, gone };
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  if (!await isThere(shell)) continue;
  terminalTest(
    `completion: in ${shell}, a tab completes ids, kinds, tags, columns, series and remotes [slow]`,
    async () => {
      await using folder = await scratch();
      await Deno.mkdir(`${folder.path}/in`);
      const { id, gone } = await indexed(folder.path);
      const lines = [
        `dbx show ${id.slice(0, 8)}\t`,
        "dbx ls --kind trai\t",
        "dbx ls -t gol\t",
        "dbx ls --cols id,params.le\t",
        "dbx ls --cols min:val\t",
        "dbx series val_l\t",
        "dbx push labor\t",
        "dbx schema experi\t",
        `dbx cat ${id}:mod\t`,
        // In quotes, bash completes more than what it breaks a word into.
        `dbx cat '${id}:mod\t`,
        `dbx cat "${id}:mod\t`,
        `dbx restore ${gone.slice(0, 8)}\t`,
        // Neither has it been deleted, nor does it run.
        `dbx restore ${id.slice(0, 8)}\t`,
        `dbx stop ${id.slice(0, 8)}\t`,
        "dbx report gol\t",
        "dbx assert --baseline gol\t y",
        // No files.
        "dbx series --x outp\t",
        "dbx plot --x rel\t",
        // Of what a shell would run nothing is offered, and nothing is said where nothing fits.
        "dbx ls --kind \t",
        "dbx show zzzzzzz\t",
        "dbx ls -R ../nowhere --kind x\t",
      ];
      const env = { ...await dbxOnPath(folder.path), DBX_REPO: `${folder.path}/in/output` };
      const said = await given(shell, folder.path, `${folder.path}/in`, lines, env);
      assertEquals(said, [
        `<show><${id}>`,
        "<ls><--kind><training>",
        "<ls><-t><golden>",
        "<ls><--cols><id,params.learning_rate>",
        "<ls><--cols><min:val_loss>",
        "<series><val_loss>",
        "<push><laboratory>",
        "<schema><experiments>",
        `<cat><${id}:model.bin>`,
        `<cat><${id}:model.bin>`,
        `<cat><${id}:model.bin>`,
        `<restore><${gone}>`,
        `<restore><${id.slice(0, 8)}>`,
        `<stop><${id.slice(0, 8)}>`,
        "<report><golden>",
        "<assert><--baseline><golden><y>",
        "<series><--x><outp>",
        "<plot><--x><relative>",
        "<ls><--kind><training>",
        "<show><zzzzzzz>",
        "<ls><-R><../nowhere><--kind><x>",
      ]);
      assertEquals([...Deno.readDirSync(`${folder.path}/in`)].map(({ name }) => name), ["output"]);
    },
  );
}

for (const shell of ["zsh", "fish"] as const) {
  if (!await isThere(shell)) continue;
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
