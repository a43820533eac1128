import { Anchors } from "../../lib/redact/anchors.ts";
import { RULES } from "../../lib/redact/rules/all.ts";
import { isSecretValue } from "../../lib/redact/rules/secret_values.ts";
import { Scan } from "../../lib/redact/scan.ts";
import { assert, assertEquals } from "../assert.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

const none = { permissions: "none" } as const;

Deno.test("RULES: each finds its own example by its own name, and leaves the one that looks alike", none, () => {
  const scan = new Scan();
  assertEquals(new Set(RULES.map(({ name }) => name)).size, RULES.length);
  for (const { name, what, source, catches, leaves, find, anchors } of RULES) {
    assert(what.length > 10 && source.length > 5 && /^[a-z0-9-]+$/.test(name), name);
    assert(find(catches).length > 0, `${name} does not find ${catches}`);
    assertEquals(scan.secretsIn(catches)[0]?.rule, name, catches);
    assertEquals(scan.secretsIn(leaves), [], leaves);
    assert(anchors.every((anchor) => anchor === anchor.toLowerCase() && /^[\x20-\x7e]+$/.test(anchor)), name);
  }
});

Deno.test("Anchors: finds what a search for each text finds", none, () => {
  const letters = "abAB-";
  const random = (length: number) =>
    Array.from({ length }, () => letters[Math.floor(seeded.next() * letters.length)]).join("");
  for (let round = 0; round < 300; round++) {
    const sets = Array.from({ length: 4 }, () => [random(2).toLowerCase(), random(3).toLowerCase()]);
    const text = random(12) + (round % 3 === 0 ? "é" : "") + random(6);
    const expected = sets.flatMap((set, at) => set.some((one) => text.toLowerCase().includes(one)) ? [at] : []);
    assertEquals(new Anchors(sets).find(text) ?? [], expected, `${JSON.stringify(sets)} in ${text}`);
  }
});

Deno.test("isSecretValue: what the values of names that are likely secrets look like", none, () => {
  const likely = { level: "likely" } as const;
  const secrets = [
    "aB3dE5gH", // Letters and digits.
    "kJhGfDsAqWeRtYuIoPlM", // Base64 of which no byte became a digit.
    "0123456789abcdef0123456789abcdef", // Hexadecimal.
    "abc+/DEFghi+JKLmno1==",
  ];
  for (const value of secrets) assert(isSecretValue(likely, value), value);
  for (
    const value of ["adam", "CrossEntropyLossWithLogits", "/data/mnist/train.csv", "a few words and 1 number", "none"]
  ) {
    assert(!isSecretValue(likely, value), value);
  }
  assert(isSecretValue({ level: "certain" }, "adam"));
  assert(isSecretValue({ level: "certain", digits: 6 }, "123456") && !isSecretValue(likely, "123456"));
});
