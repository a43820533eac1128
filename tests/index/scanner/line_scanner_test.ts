import { LineScanner } from "../../../lib/index/scanner/line_scanner.ts";
import { checksum } from "../../../lib/index/encoding/encoding.ts";
import { templateOf } from "../../../lib/index/scanner/template_builder.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const encoder = new TextEncoder();

/** A number as programs write them. */
function anyNumber(random: Random): string {
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join("");
  switch (random.below(9)) {
    case 0:
      return String(random.next());
    case 1:
      return String(random.next() * 10 ** (random.below(40) - 20));
    case 2:
      return `${random.below(2) === 0 ? "-" : ""}${random.below(1000)}.${digits(1 + random.below(20))}`;
    case 3:
      return `${1 + random.below(9)}${digits(random.below(21))}`;
    case 4:
      return `0.${"0".repeat(random.below(30))}${digits(1 + random.below(19))}`;
    case 5:
      return `${random.below(10)}.${digits(1 + random.below(17))}e${random.below(200) - 100}`;
    case 6: {
      // Halfway between two doubles, or next to it.
      const bits = new DataView(new ArrayBuffer(8));
      bits.setFloat64(0, 1 + random.next());
      const half = BigInt(bits.getBigUint64(0) & ((1n << 52n) - 1n)) * 2n + 1n;
      return String((1n << 53n) + half).slice(0, 19);
    }
    case 7:
      return random.pick([
        "0",
        "-0",
        "0.0",
        "-0.0e5",
        "1E5",
        "1e+5",
        "9007199254740993",
        "9007199254740992.5",
        "1e22",
        "1e23",
      ]);
    default:
      return String(Math.fround(random.next()));
  }
}

Deno.test({ name: "LineScanner: a checksum is that of the loop, for bytes of any length", permissions: "none" }, () => {
  const random = new Random(testSeed());
  const scanner = new LineScanner();
  for (const length of [...Array(200).keys(), 64 * 1024, 1024 * 1024, 1024 * 1024 - 1]) {
    const bytes = Uint8Array.from({ length }, () => random.below(256));
    scanner.load(bytes);
    assertEquals(scanner.checksum(), checksum(bytes), `${length} bytes`);
  }
});

Deno.test({ name: "LineScanner: numbers are what JSON.parse gives, bit by bit", permissions: "none" }, () => {
  const seed = testSeed();
  const random = new Random(seed);
  const scanner = new LineScanner();
  const loaded = scanner.add(templateOf('{"event":"a","ts":1,"x":1}', 1)!)!;
  let found = 0;
  for (let round = 0; round < 300; round++) {
    const numbers = Array.from({ length: 500 }, () => anyNumber(random));
    scanner.load(encoder.encode(numbers.map((number) => `{"event":"a","ts":1,"x":${number}}\n`).join("")));
    let at = 0;
    const lengths = numbers.map((number) => number.length + 26);
    for (let from = 0; from < numbers.length;) {
      const count = scanner.scan(loaded, at);
      for (let i = 0; i < count; i++) {
        const value = scanner.numbers[loaded.values / 8 + loaded.most + i];
        const expected = JSON.parse(numbers[from + i]);
        assert(Object.is(value, expected), `seed ${seed}: ${numbers[from + i]} is ${expected}, not ${value}`);
      }
      found += count;
      from += count;
      at = scanner.position;
      // A line that it leaves to others.
      if (count === 0) at += lengths[from++];
    }
  }
  assert(found > 300 * 500 * 0.8, `${found} numbers were read`);
});

Deno.test({ name: "LineScanner: what is no number of JSON does not match", permissions: "none" }, () => {
  const scanner = new LineScanner();
  const loaded = scanner.add(templateOf('{"event":"a","ts":1,"x":1}', 1)!)!;
  const odd = [
    "",
    "-",
    "01",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "1.e5",
    "--1",
    "1x",
    "0x1",
    "1 ",
    "NaN",
    "1..2",
    "1e5.5",
    "00",
    "-a",
  ];
  for (const text of [...odd, ...odd.map((text) => `${text}1e`)]) {
    scanner.load(encoder.encode(`{"event":"a","ts":1,"x":${text}}\n`));
    assertEquals(scanner.scan(loaded, 0), 0, text);
  }
});

Deno.test("LineScanner: the kernel is compiled from its source", async () => {
  const script = new URL("../../../scripts/scanner/build_scanner.ts", import.meta.url);
  const args = ["run", "-A", "--quiet", script.href, "--check"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
