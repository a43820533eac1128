// What is said of many experiments is asked for, and an editor has the terminal.
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

terminalTest(
  "tag: what a filter finds is listed and asked for; a key that interrupts reaches the editor [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const repo = `${folder.path}/r`;
    for (const name of ["one", "two"]) await dbx(["log", "-q", "-R", repo, "--name", name, "e", "x=1"]);
    const tagsOf = async () =>
      (await dbx(["ls", "-R", repo, "--cols", "tags", "--json"])).stdout.match(/\[".*?"\]/g) ?? [];
    const run = async (line: string, talk: (terminal: Terminal) => Promise<void>, more = {}) => {
      await using terminal = await Terminal.start(line, { cwd: folder.path, env: { ...env, ...more }, columns: 100 });
      await talk(terminal);
      return await terminal.end();
    };
    const line = `dbx tag -R ${repo} --where 'created > 0' good`;
    const no = await run(line, async (terminal) => {
      await terminal.waitFor("these 2 experiments? [y/N]");
      await terminal.press("Enter");
    });
    assertEquals(no.code, 1, no.shown);
    assertStringIncludes(no.shown, "nothing was changed");
    assertStringIncludes(no.shown, "one");
    assertEquals(await tagsOf(), []);
    const yes = await run(line, async (terminal) => {
      await terminal.waitFor("[y/N]");
      await terminal.enter("y");
    });
    assertEquals(yes.code, 0, yes.shown);
    assertEquals(await tagsOf(), ['["good"]', '["good"]']);
    assertEquals((await run(`dbx tag -R ${repo} -y --undo --where 'created > 0'`, async () => {})).code, 0);
    assertEquals(await tagsOf(), []);

    const [{ id }] = JSON.parse((await dbx(["ls", "-R", repo, "--name", "one", "--json"])).stdout);
    // An editor that goes on after Ctrl-C, as most do.
    await Deno.writeTextFile(
      `${folder.path}/ed.sh`,
      `trap 'echo caught' INT\necho opened\nread -r line || read -r line\nsed -i "s/^tags:.*/tags: $line/" "$1"\n`,
    );
    const edited = await run(`dbx edit -R ${repo} ${id}`, async (terminal) => {
      await terminal.waitFor("opened");
      await terminal.press("C-c");
      await terminal.waitFor("caught");
      await terminal.enter("typed");
    }, { EDITOR: `bash ${folder.path}/ed.sh` });
    assertEquals(edited.code, 0, edited.shown);
    assertEquals(await tagsOf(), ['["typed"]']);
  },
);
