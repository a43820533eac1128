import { assert, assertEquals } from "./assert.ts";
import { dbx, quoted, scratch } from "./e2e/dbx.ts";
import { blocks, readme } from "./readme_blocks.ts";

const root = new URL("..", import.meta.url);
Deno.test("README: the tour runs in the shell as it stands [slow]", async () => {
  await using folder = await scratch();
  // A program, not a function, so that what runs in the background is ended by its own number.
  await Deno.mkdir(`${folder.path}/bin`);
  await Deno.writeTextFile(`${folder.path}/bin/dbx`, `#!/bin/sh\nexec ${quoted()} "$@"\n`, { mode: 0o755 });
  const env = {
    DBX_REPO: "",
    DBX_SPOOL: `${folder.path}/spool`,
    PATH: `${folder.path}/bin:${Deno.env.get("PATH")}`,
  };
  const options = { args: ["-c", `set -e\n${blocks("bash").join("\n")}`], cwd: folder.path, env };
  const { code, stdout, stderr } = await new Deno.Command("bash", options).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, err);
  for (const part of ["train/epoch/*:loss", "0 damaged", "params.seed"]) {
    assert(out.includes(part), `${part} in ${out}`);
  }
});

Deno.test("README: the script runs as it stands", async () => {
  const [code] = blocks("ts");
  await using folder = await scratch();
  const script = code.replace('"./mod.ts"', JSON.stringify(new URL("mod.ts", root).href));
  await Deno.writeTextFile(`${folder.path}/script.ts`, script);
  const options = { args: ["run", "-A", "--quiet", "--no-config", `${folder.path}/script.ts`], cwd: folder.path };
  const output = await new Deno.Command(Deno.execPath(), options).output();
  assertEquals(output.code, 0, new TextDecoder().decode(output.stderr));
});

Deno.test("README: every option that it names exists [slow]", async () => {
  for (const [, name, words] of readme.matchAll(/^(?:.*`)?dbx (\w+)([^`\n]*)/gm)) {
    if (["keeps"].includes(name)) continue;
    const help = (await dbx(["help", name])).stdout;
    if (help === "") continue;
    const own = words.split(" -- ")[0];
    for (const [option] of own.matchAll(/--[a-z][a-z-]+/g)) assert(help.includes(option), `dbx ${name} ${option}`);
  }
});
