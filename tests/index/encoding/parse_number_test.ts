import { numberEnd, scanNumber } from "../../../lib/index/encoding/parse_number.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const seeded = new Random(testSeed());

const encoder = new TextEncoder();

/** A number as some program may write it. */
function anyText(): string {
  const pick = seeded.next();
  if (pick < 0.3) return String(seeded.next());
  if (pick < 0.5) return String((seeded.next() - 0.5) * 10 ** Math.floor(seeded.next() * 600 - 300));
  if (pick < 0.6) return seeded.next().toFixed(Math.floor(seeded.next() * 25));
  if (pick < 0.7) return seeded.next().toExponential(Math.floor(seeded.next() * 20));
  if (pick < 0.8) return String(Math.floor((seeded.next() - 0.5) * 2 ** 54));
  const digits = Array.from({ length: 1 + Math.floor(seeded.next() * 30) }, () => Math.floor(seeded.next() * 10)).join(
    "",
  );
  const whole = digits.replace(/^0+(?=\d)/, "");
  const point = Math.floor(seeded.next() * whole.length);
  const text = point > 0 ? `${whole.slice(0, point)}.${whole.slice(point)}` : whole;
  return text.replace(/^0+(?=\d)/, "");
}

Deno.test({ name: "scanNumber: what JSON.parse gives, bit by bit", permissions: "none" }, () => {
  const fixed = ["0", "-0", "1", "-1", "1e5", "1E+5", "1e-5", "5e-324", "2.2250738585072011e-308", "1e309", "-1e400"];
  fixed.push("9007199254740993", "9007199254740992.5", "0.1", "0.000001", "1.7976931348623157e308", "1e22", "1e23");
  fixed.push("123456789012345678.5", "999999999999999999", "1000000000000000000000", "0e0", "0.0e-5");
  for (let i = 0; i < 100_000; i++) fixed.push(anyText());
  for (const text of fixed) {
    const bytes = encoder.encode(`x${text},`);
    const value = scanNumber(bytes, 1);
    assert(Object.is(value, JSON.parse(text)), `${text}: ${value}`);
    assertEquals(numberEnd, 1 + text.length, text);
  }
});

Deno.test(
  { name: "scanNumber: what is no number of JSON has no end, or ends before what is odd", permissions: "none" },
  () => {
    for (const text of ["", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "NaN", "a", "--1", "12345678901234567890."]) {
      scanNumber(encoder.encode(`${text},`), 0);
      assertEquals(numberEnd, -1, text);
    }
    scanNumber(encoder.encode("01,"), 0);
    assertEquals(numberEnd, 1);
  },
);
