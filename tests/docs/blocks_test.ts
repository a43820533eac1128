import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { blocksOf, documentAt, documents, ROOT } from "./documents.ts";

/** What the blocks of some documents print, besides much else. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  "lib/docs/python.md": ["0 damaged", "rank1"],
  "lib/docs/files.md": ["epoch,loss", "ckpt/epoch-2.pt", "about.txt"],
};

/** They start a dozen commands. */
const SLOW = ["lib/docs/python.md", "lib/docs/files.md"];
/** Its blocks run on a terminal: tests/terminal/tour_test.ts. */
const TOUR = "lib/docs/tour.md";

for (const document of documents) {
  const shell = blocksOf(document, "bash");
  if (shell.length > 0 && document.path !== TOUR) {
    const mark = SLOW.includes(document.path) ? " [slow]" : "";
    Deno.test(`${document.path}: its blocks run in the shell as they stand${mark}`, async () => {
      await using folder = await scratch();
      const env = { DBX_REPO: "", ...await dbxOnPath(folder.path) };
      const options = { args: ["-c", `set -e\n${shell.join("\n")}`], cwd: folder.path, env };
      const { code, stdout, stderr } = await new Deno.Command("bash", options).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals(code, 0, err);
      for (const part of PRINTED[document.path] ?? []) assert(out.includes(part), `${part} in ${out}`);
    });
  }
  const scripts = blocksOf(document, "ts").filter((code) => code.includes('"./'));
  if (scripts.length > 0) {
    Deno.test(`${document.path}: its scripts run as they stand`, async () => {
      await using folder = await scratch();
      for (const code of scripts) {
        const script = code.replace(/"\.\/([\w/]+\.ts)"/g, (_, path) => JSON.stringify(new URL(path, ROOT).href));
        await Deno.writeTextFile(`${folder.path}/script.ts`, script);
        const args = ["run", "-A", "--quiet", "--no-config", `${folder.path}/script.ts`];
        const output = await new Deno.Command(Deno.execPath(), { args, cwd: folder.path }).output();
        assertEquals(output.code, 0, new TextDecoder().decode(output.stderr));
      }
    });
  }
}

Deno.test("README: the picture of a terminal shows command lines that are in the help", async () => {
  const picture = await Deno.readTextFile(new URL("lib/docs/terminal.svg", ROOT));
  assert(documentAt("README.md").text.includes("](lib/docs/terminal.svg)"));
  const shown = [...picture.matchAll(/<text[^>]*>dbx (\w+) ([^<]*)</g)];
  assertEquals(shown.map(([, name]) => name), ["ls", "show"]);
  for (const [, name, words] of shown) {
    const help = (await dbx(["help", name])).stdout;
    for (const [option] of words.matchAll(/--[a-z]+/g)) assert(help.includes(option), `dbx ${name} ${option}`);
  }
});
