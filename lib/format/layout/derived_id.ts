import { createHash } from "node:crypto";
import { ID_LENGTH } from "../../base/ids.ts";

/**
 * The id that follows from a text: its SHA-256 as one big-endian number, of which the 13 lowest digits to the base 36 are
 * written from the lowest up.
 */
export function derivedId(text: string): string {
  let number = BigInt("0x" + createHash("sha256").update(text).digest("hex"));
  let id = "";
  for (; id.length < ID_LENGTH; number /= 36n) id += (number % 36n).toString(36);
  return id;
}
