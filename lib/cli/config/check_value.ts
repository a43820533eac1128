import type { ConfigKey } from "./keys.ts";
import type { ConfigValue } from "./read.ts";

/**
 * Checks the value of a setting as the option is checked of which it is the default.
 *
 * @throws {UsageError} As for the option.
 */
export async function checkValue({ name }: ConfigKey, value: ConfigValue): Promise<void> {
  if (name === "redact") {
    const { ownPatterns } = await import("../../redact/custom_rules.ts");
    ownPatterns(value as readonly string[]);
  } else if (name === "scalars" && value !== false && value !== "auto") {
    const { pattern } = await import("../../printed/formats/pattern.ts");
    pattern(String(value));
  } else if (name === "capture" || name === "shim") {
    const { checkCapture, checkShim } = await import("./captured_packages.ts");
    if (name === "capture") checkCapture(String(value));
    else for (const shim of value as readonly string[]) checkShim(shim);
  } else if (name === "ls.cols" || name === "ls.sort") {
    const { parseKnownColumn, splitColumns } = await import("../../query/schema/column_aliases.ts");
    const names = name === "ls.sort"
      ? [String(value).replace(/^-/, "")]
      : splitColumns((value as readonly string[]).join(","));
    for (const text of names) parseKnownColumn(text);
  }
}
