import { Buffer } from "node:buffer";
import type { Redactor } from "./redactor.ts";

/**
 * A diff without secrets, line by line, all other bytes as they were. What git encodes of binary files (deflated, in base 85)
 * shows none, and stays.
 */
export function redactDiff(diff: Uint8Array, redactor: Redactor): Uint8Array {
  // In Latin-1 each byte is one character, and comes back as it was, whatever the encoding of the files.
  const text = Buffer.from(diff.buffer, diff.byteOffset, diff.byteLength).toString("latin1");
  const lines = redactor.lines();
  let isBinary = false;
  let isChanged = false;
  const redacted = text.split("\n").map((line) => {
    if (line === "GIT binary patch") isBinary = true;
    else if (line.startsWith("diff --git ")) isBinary = false;
    if (isBinary) return line;
    const kept = lines.push(line);
    isChanged ||= kept !== line;
    return kept;
  });
  return isChanged ? new Uint8Array(Buffer.from(redacted.join("\n"), "latin1")) : diff;
}
