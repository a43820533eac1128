import type { ConfigValue } from "../../../cli/config/read.ts";

/** A value as `dbx config set` takes it. */
export function valueText(value: ConfigValue): string {
  return typeof value === "object" ? value.join(",") : String(value);
}
