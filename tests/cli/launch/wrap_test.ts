import { wrap, wrapExample, wrapParagraphs } from "../../../lib/cli/launch/wrap.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("wrap: lines of a width; a longer word has one of its own", { permissions: "none" }, () => {
  assertEquals(wrap("a bb ccc\ndddd", 4), "a bb\nccc\ndddd");
  assertEquals(wrap("a incomprehensible b", 6), "a\nincomprehensible\nb");
  assertEquals([wrap("aa bb", 5), wrap("aa bbb", 5)], ["aa bb", "aa\nbbb"]);
  assertEquals(wrap("", 6), "");
  assertEquals(wrapParagraphs("\na b\nc\n\n\nd e\n", 3), "a b\nc\n\nd e");
});

Deno.test("wrapExample: breaks at spaces, so that a shell still takes it as the same command", async () => {
  const example =
    `printf %s, --where 'params.lr < 0.1' --cols "id, name" a\\ b 'it'\\''s more' plainly-longer-than-it     # what isn't part of it`;
  const narrow = wrapExample(example, 24);
  for (const line of narrow.split("\n")) assert(line.length <= 24 || line.trim().startsWith("plainly"), line);
  assertEquals(wrapExample(example, Infinity), `  ${example}`);
  const words = async (script: string) => {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    return new TextDecoder().decode(stdout).replace(/\s+/g, " ");
  };
  assertEquals(await words(narrow), await words(example));
});
