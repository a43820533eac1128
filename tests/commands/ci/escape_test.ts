import { escapeMarkdown, fence } from "../../../lib/commands/ci/escape.ts";
import { escapeXml } from "../../../lib/commands/ci/escape.ts";
import { assertEquals } from "../../assert.ts";

const none = { permissions: "none" } as const;

/** What a text says once its entities are read. */
function shown(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

Deno.test("escapeMarkdown: nothing in a text is markup, a mention, a reference, an emoji or a link", none, () => {
  for (
    const text of [
      ...["last:val_acc >= 0.9", "a_b_c", "0.9 ± 0.1 (2 %)"],
      ...["<script>", "[a](b)", "![a](b)", "*a*", "_a_", "`a`", "a|b", "~~a~~", "> a", "# a", "@all", "#1", "\\*"],
      ...[":smile:", "http://a.b", "www.a.b", "a@b.c", "&lt;", "$x$", "| --- |"],
    ]
  ) {
    const escaped = escapeMarkdown(text);
    assertEquals(shown(escaped), text);
    // deno-lint-ignore no-control-regex
    assertEquals(/[\x00-\x1f]/.test(escaped), false);
    const bare = escaped.replace(/&#\d+;/g, "");
    assertEquals([text, /[<`*[\]|~@#$\\&]|^>|(?<!\w)_|_(?!\w)|:\/|:\w+:|www\./.test(bare)], [text, false]);
  }
  // What people read most stays readable in the file itself.
  assertEquals(escapeMarkdown("last:val_acc >= 0.9"), "last:val_acc >= 0.9");
  assertEquals(escapeMarkdown("a\x1b[31m\nb").includes("\n"), false);
});

Deno.test("fence: no line within ends it", none, () => {
  const [first, ...rest] = fence(["````", "a"]);
  assertEquals(first, "`````text");
  assertEquals(rest, ["````", "a", "`````"]);
});

Deno.test("escapeXml: what XML cannot hold is replaced", none, () => {
  assertEquals(escapeXml('<a b="c">&\x00\x1b\ud800😀'), "&lt;a b=&quot;c&quot;&gt;&amp;??\ufffd😀");
});
