import { wrap, wrapParagraphs } from "../../../lib/cli/launch/wrap.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("wrap: lines of a width; a longer word has one of its own", { permissions: "none" }, () => {
  assertEquals(wrap("a bb ccc\ndddd", 4), "a bb\nccc\ndddd");
  assertEquals(wrap("a incomprehensible b", 6), "a\nincomprehensible\nb");
  assertEquals([wrap("aa bb", 5), wrap("aa bbb", 5)], ["aa bb", "aa\nbbb"]);
  assertEquals(wrap("", 6), "");
  assertEquals(wrapParagraphs("\na b\nc\n\n\nd e\n", 3), "a b\nc\n\nd e");
});
