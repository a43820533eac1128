import type { Random } from "../format/random.ts";

function anyValue(random: Random, depth = 0): string {
  const pick = random.below(depth > 2 ? 14 : 20);
  switch (pick) {
    case 0:
      return random.pick(["9007199254740993", "-9223372036854775808", "18446744073709551616", "1e300", "1e999"]);
    case 1:
      return random.pick(['{"_dbx":"nan"}', '{"_dbx":"-inf"}', "NaN", "-Infinity"]);
    case 2:
      return random.pick(["true", "false"]);
    case 3:
      return "null";
    case 4:
      return random.pick(["{}", "[]"]);
    case 5:
      return JSON.stringify("long ".repeat(20 + random.below(200)));
    case 6:
      return JSON.stringify(random.pick(["ü\u0000", "\ufeffbom", "\ud800", "1", 'quo"te', ""]));
    case 7:
    case 8:
      return JSON.stringify(random.pick(["train", "val", "test", `id-${random.below(500)}`]));
    case 9:
      return random.pick(["-0", "0", "1.0", "2.5"]);
    case 14:
      return `[${[0, 1].map(() => anyValue(random, depth + 1))}]`;
    case 15:
    case 16:
      return `{"b":${anyValue(random, depth + 1)},"c":${anyValue(random, depth + 1)}}`;
    case 17:
      return `{"_dbx":"expfile","exp":"x","name":"n","sha256":"abc"}`;
    case 18:
      return `{"a.b":${anyValue(random, depth + 1)},"z":1}`;
    case 19:
      return JSON.stringify(Array.from({ length: 301 }, (_, i) => i));
    default:
      return String(random.next() < 0.5 ? random.below(50) : random.next());
  }
}

const NAMES = ["train/step/7", "train/step/08", "val", "a/1/b/2/c/3", "1/2/3/4/5/6/7/8/9", "dbx/end", "k:v/*", "e/0"];
const KEYS = ["x", "y", "a", "a.b", "list", "long", "file", "step", "a\\", "empty"];

/** The line of an event whose data holds all kinds of values: many of one shape, and some of any. */
export function anyLine(random: Random): string {
  const shape = random.next();
  // A printed line has its time in front, and may have one of its own.
  if (random.next() < 0.1) {
    const own = random.pick(["", "", ',"ts":5', ',"ts":6,"ts":7', ',"ts":"late"', ',"ts":NaN', ',"ts":1.5']);
    return `{"ts":170000000000${random.below(9)},"event": "p/${random.below(9)}","x":${random.below(99)}${own}}`;
  }
  const name = JSON.stringify(random.pick(NAMES).replace(/7$/, () => String(random.below(30))));
  const ts = random.pick(["1700000000000", "1700000000001", '"late"', "1.5"].slice(0, random.next() < 0.1 ? 4 : 2));
  if (shape < 0.5) {
    const number = random.next();
    return `{"event":${name},"ts":${ts},"x":${number},"y":"${random.pick(["a", "b"])}","a":{"b":${random.below(9)}}}`;
  }
  const fields = KEYS.filter(() => random.next() < 0.3).map((key) => `${JSON.stringify(key)}:${anyValue(random)}`);
  if (random.next() < 0.1) fields.push(`"x":1,"x":"twice"`);
  return `{"event":${name}${random.next() < 0.1 ? "" : `,"ts":${ts}`}${fields.map((field) => "," + field).join("")}}`;
}
