import { Raster } from "../../../lib/plot/png/raster.ts";
import { kittyPicture } from "../../../lib/terminal/pictures/kitty.ts";
import { sixelPicture } from "../../../lib/terminal/pictures/sixel.ts";
import { isAnswered, parseAnswers } from "../../../lib/terminal/pictures/terminal_pictures.ts";
import { assert, assertEquals, assertMatch } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import { dbxOnPath } from "../dbx_on_path.ts";
import { plainEnvironment, terminalTest } from "../tools.ts";

const none = { permissions: "none" } as const;

Deno.test("parseAnswers: what a terminal says of itself, as far as it does", none, () => {
  const kitty = "\x1b_Gi=31;OK\x1b\\\x1b]11;rgb:1e1e/2020/3030\x07\x1b[6;24;12t\x1b[?62;c";
  assertEquals(parseAnswers(kitty), { protocol: "kitty", cell: [12, 24], background: [0x1e, 0x20, 0x30] });
  assertEquals(parseAnswers("\x1b[?62;4;22c"), { protocol: "sixel", cell: [10, 20], background: undefined });
  assertEquals(parseAnswers("\x1b[6;0;0t\x1b[?64;22c").protocol, undefined);
  assertEquals(parseAnswers("").protocol, undefined);
  assertEquals([isAnswered(kitty), isAnswered("\x1b[6;24;12t"), isAnswered("\x1b[?1;2c")], [true, false, true]);
});

Deno.test("kittyPicture: a PNG in pieces that a terminal takes", none, () => {
  const raster = new Raster(300, 200);
  for (let at = 0; at < raster.pixels.length; at++) raster.pixels[at] = Math.sin(at * at) * 1e4;
  // deno-lint-ignore no-control-regex
  const pieces = [...kittyPicture(raster, [30, 10]).matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)];
  assert(pieces.length > 1 && pieces.every(([, , data]) => data.length <= 4096));
  assertMatch(pieces[0][1], /^a=T,f=100,.*c=30,r=10,m=1$/);
  assertEquals(pieces.slice(1).map(([, keys]) => keys).join().replaceAll("m=1,", ""), "m=0");
  const png = Uint8Array.fromBase64(pieces.map(([, , data]) => data).join(""));
  assertEquals([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});

Deno.test("sixelPicture: bands of six rows, a line for each colour, equal characters counted", none, () => {
  const raster = new Raster(10, 7);
  raster.stroke([[0, 3.5, 10, 3.5]], 1, [255, 0, 0], raster.whole);
  // deno-lint-ignore no-control-regex
  const [, head, body] = /^\x1bP0;1q("1;1;10;7(?:#\d+;2;\d+;\d+;\d+)+)([^"]*)\x1b\\$/.exec(sixelPicture(raster))!;
  assertEquals(head.split("#").slice(1), ["0;2;100;100;100", "1;2;100;0;0"]);
  // Of the first band the fourth row is red, 1 << 3; of the second only the first row is there.
  assertEquals(body.split("-"), ["#0!10v$#1!10G$", "#0!10@$", ""]);
});

/** What a plot writes on a terminal that answers, which then waits for nothing. */
async function shown(kind: string, words: readonly string[]): Promise<{ code: number; bytes: string }> {
  await using folder = await scratch();
  const lines = Array.from({ length: 50 }, (_, at) => `{"event":"e/${at}","loss":${1 / (at + 1)}}\n`).join("");
  assertEquals((await dbx(["log", "--quiet"], { cwd: folder.path, stdin: lines })).code, 0);
  const script = decodeURIComponent(new URL("answering_terminal.py", import.meta.url).pathname);
  const { code, stdout } = await new Deno.Command("python3", {
    args: [script, kind, "dbx", "plot", "loss", ...words],
    cwd: folder.path,
    env: plainEnvironment(await dbxOnPath(folder.path)),
    clearEnv: true,
    stdin: "null",
    stderr: "inherit",
  }).output();
  return { code, bytes: new TextDecoder().decode(stdout) };
}

terminalTest("dbx plot: a picture where the terminal says that it shows them [slow]", async () => {
  const kitty = await shown("kitty", []);
  assertEquals(kitty.code, 0);
  assert(kitty.bytes.includes("\x1b_Ga=T,f=100") && !/[⠀-⣿]/.test(kitty.bytes), "no picture");
  assert(kitty.bytes.endsWith("\x1b8\x1b[18B\r"), JSON.stringify(kitty.bytes.slice(-40)));
  const sixel = await shown("sixel", []);
  assertEquals([sixel.code, sixel.bytes.includes("\x1bP0;1q")], [0, true]);
  const chosen = await shown("kitty", ["--draw", "braille"]);
  assert(/[⠀-⣿]/.test(chosen.bytes) && !chosen.bytes.includes("\x1b_G"), chosen.bytes);
});

terminalTest("dbx plot: characters where the terminal says nothing [slow]", async () => {
  const { code, bytes } = await shown("silent", []);
  assertEquals(code, 0);
  assert(bytes.includes("\x1b[c") && /[⠀-⣿]/.test(bytes), bytes);
});
