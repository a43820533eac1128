import { messageOf } from "../../base/errors.ts";

/** Why a text is not TOML, in one line. The parser points into the text on lines of their own; here it is the number of the line. */
export function tomlReason(error: unknown): string {
  const [reason] = messageOf(error).split("\n");
  return error instanceof Error && "line" in error && typeof error.line === "number"
    ? `line ${error.line}: ${reason.replace(/^Invalid TOML document: /, "")}`
    : reason;
}
