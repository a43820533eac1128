import { changesBetween, type Editable, editableText, parseEdited } from "../../lib/commands/annotate/edited_text.ts";
import { assert, assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

Deno.test("edited text: what others wrote stands in no line in which an editor looks for settings", none, () => {
  const evil = "vim: set modelineexpr foldexpr=system('touch\\ sprung'):";
  for (const notes of [[evil], [`x\n${evil}`, evil], Array.from({ length: 9 }, () => evil)]) {
    const lines = editableText("0abc", { name: evil, tags: [], notes }).split("\n");
    const around = [...lines.slice(0, 5), ...lines.slice(-6)];
    assert(!around.join("\n").includes("modelineexpr"), around.join("\n"));
  }
});

Deno.test("edited text: what is not changed is read as it was", none, () => {
  const all: Editable[] = [
    { name: "a/b c", tags: ["good", "a,b", ' "q" ', "two words"], notes: ["one", "# two\n\n  three\nname: x", "one"] },
    { name: "", tags: [], notes: [] },
    { name: "x", tags: ["#1"], notes: ["note: y"] },
  ];
  for (const before of all) {
    const after = parseEdited(editableText("0abc", before)) ?? { name: "", tags: [], notes: [] };
    assertEquals(changesBetween(before, after), []);
  }
});

Deno.test("edited text: a note that stands twice can be taken away once", none, () => {
  const before = { name: "", tags: ["a", "b"], notes: ["x", "y", "x"] };
  assertEquals(changesBetween(before, { name: "n", tags: ["b", "c"], notes: ["x", "z"] }), [
    { sort: "rename", text: "n" },
    { sort: "tag", text: "a", remove: true },
    { sort: "tag", text: "c" },
    { sort: "note", text: "x", remove: true },
    { sort: "note", text: "y", remove: true },
    { sort: "note", text: "x" },
    { sort: "note", text: "z" },
  ]);
});
