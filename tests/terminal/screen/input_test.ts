import { assertEquals } from "../../assert.ts";
import { type Input, InputDecoder } from "../../../lib/terminal/screen/input.ts";

/** What a terminal sends, byte by byte or in one piece. */
function decoded(text: string, size = text.length): Input[] {
  const decoder = new InputDecoder();
  const bytes = new TextEncoder().encode(text);
  const inputs: Input[] = [];
  for (let at = 0; at < bytes.length; at += size) inputs.push(...decoder.push(bytes.subarray(at, at + size)));
  return [...inputs, ...decoder.flush()];
}

function keys(text: string, size?: number): string[] {
  return decoded(text, size).map((input) => input.kind === "key" ? input.key : input.kind);
}

Deno.test("InputDecoder: keys by their names, whatever the pieces are in which their bytes come", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["aB1 ?", ["a", "B", "1", " ", "?"]],
    ["\r\n\t\x7f\b", ["enter", "enter", "tab", "backspace", "backspace"]],
    ["\x03\x1a\x0c\x00", ["ctrl-c", "ctrl-z", "ctrl-l", "ctrl-space"]],
    ["\x1b[A\x1b[B\x1bOC\x1bOD", ["up", "down", "right", "left"]],
    ["\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[5~\x1b[6~", ["home", "end", "home", "end", "page-up", "page-down"]],
    ["\x1bOP\x1b[15~\x1b[24~", ["f1", "f5", "f12"]],
    ["\x1b[Z\x1b[1;5C\x1b[1;2A\x1b[3;5~", ["shift-tab", "ctrl-right", "shift-up", "ctrl-delete"]],
    ["\x1bb\x1b\x7f", ["alt-b", "alt-backspace"]],
    ["é中👍", ["é", "中", "👍"]],
    ["x\x1b", ["x", "escape"]],
    ["\x1b\x1b[A", ["escape", "up"]],
    // Of what no key sends, nothing is left over that could be taken for one.
    ["\x1b[?1;2cq\x1b[99~w\x1b[38;5;1mz", ["q", "w", "z"]],
    ["\x80a\xff".replace(/[\x80-\xff]/g, (letter) => letter), ["\x80", "a", "ÿ"]],
  ];
  for (const [text, wanted] of cases) {
    for (const size of [text.length * 4, 1, 2, 3]) assertEquals(keys(text, size), wanted, JSON.stringify([text, size]));
  }
});

Deno.test("InputDecoder: bytes that are not UTF-8 are no keys, and what follows them is", () => {
  const decoder = new InputDecoder();
  assertEquals(decoder.push(new Uint8Array([0xff, 0x61, 0xc3, 0x28])).map((it) => it.kind === "key" && it.key), [
    "a",
    "(",
  ]);
});

Deno.test("InputDecoder: a lone escape byte waits for what may follow", () => {
  const decoder = new InputDecoder();
  assertEquals(decoder.push(new Uint8Array([0x1b])), []);
  assertEquals(decoder.isWaiting, true);
  assertEquals(decoder.flush(), [{ kind: "key", key: "escape" }]);
  assertEquals(decoder.isWaiting, false);
});

Deno.test("InputDecoder: the mouse, in cells from 0", () => {
  const cases = [
    ["\x1b[<0;5;3M", { kind: "mouse", action: "press", button: 0, column: 4, row: 2 }],
    ["\x1b[<0;5;3m", { kind: "mouse", action: "release", button: 0, column: 4, row: 2 }],
    ["\x1b[<34;1;1M", { kind: "mouse", action: "drag", button: 2, column: 0, row: 0 }],
    ["\x1b[<64;300;100M", { kind: "mouse", action: "wheel-up", button: 0, column: 299, row: 99 }],
    ["\x1b[<65;1;1M", { kind: "mouse", action: "wheel-down", button: 0, column: 0, row: 0 }],
  ] as const;
  for (const [text, wanted] of cases) for (const size of [100, 1]) assertEquals(decoded(text, size), [wanted]);
  assertEquals(decoded("\x1b[<0;0;3Mq"), [{ kind: "key", key: "q" }]);
});

Deno.test("InputDecoder: a pasted text is one input, and no key of it does anything", () => {
  const pasted: Input[] = [{ kind: "paste", text: "q\ny\x1b[A" }, { kind: "key", key: "x" }];
  for (const size of [100, 1, 2, 5]) assertEquals(decoded("\x1b[200~q\ny\x1b[A\x1b[201~x", size), pasted);
});
