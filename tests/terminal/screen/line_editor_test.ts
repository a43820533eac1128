import { assertEquals } from "../../assert.ts";
import { LineEditor } from "../../../lib/terminal/screen/line_editor.ts";

function typed(text: string, ...keys: string[]): string {
  const line = new LineEditor(text);
  for (const key of keys) line.take({ kind: "key", key });
  return `${line.before}|${line.after}`;
}

Deno.test("LineEditor: the keys of readline", () => {
  assertEquals(typed("", "a", "b", "left", "c"), "ac|b");
  assertEquals(typed("one two", "ctrl-w"), "one |");
  assertEquals(typed("one two", "ctrl-a", "alt-f", "x"), "onex| two");
  assertEquals(typed("one two", "alt-b", "ctrl-k"), "one |");
  assertEquals(typed("one two", "ctrl-left", "ctrl-u"), "|two");
  assertEquals(typed("abc", "home", "delete", "end", "backspace"), "b|");
  assertEquals(typed("a👩‍🔬é", "backspace", "backspace"), "a|");
  assertEquals(typed("abc", "left", "left", "left", "left", "backspace", "right"), "a|bc");
});

Deno.test("LineEditor: names of keys are not text, and a pasted text is one line", () => {
  const line = new LineEditor("a");
  assertEquals(line.take({ kind: "key", key: "f5" }), false);
  assertEquals(line.take({ kind: "paste", text: "b\nc\r\n d" }), true);
  assertEquals(line.text, "ab c d");
  line.replaceBefore(3, "X");
  assertEquals(line.text, "ab X");
});
