import type { ConfigValue } from "../../../cli/config/read.ts";

/** A line that begins a table of TOML. */
const TABLE = /^\s*\[\s*([\w.-]+)\s*\]\s*(?:#.*)?$/;

/** The text of a file of TOML in which a setting has a value, or none. All other lines, and comments, stay as they are. */
export function withSetting(text: string, name: string, value: ConfigValue | undefined): string {
  const dot = name.indexOf(".");
  const [table, key] = dot < 0 ? ["", name] : [name.slice(0, dot), name.slice(dot + 1)];
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const line = value === undefined ? [] : [`${keyText(key)} = ${tomlText(value)}`];
  const { from, to } = tableIn(lines, table);
  const at = from < 0 ? -1 : lines.findIndex((text, at) => at >= from && at < to && isKey(text, key));
  if (at >= 0) lines.splice(at, lengthOf(lines, at), ...line);
  else if (from >= 0) lines.splice(lastOf(lines, from, to), 0, ...line);
  else if (line.length > 0) lines.push(...lines.length > 0 ? [""] : [], `[${table}]`, ...line);
  return lines.length === 0 ? "" : lines.join("\n") + "\n";
}

/** The lines of a table: from one to before another; negative where it is not there. */
function tableIn(lines: readonly string[], table: string): { readonly from: number; readonly to: number } {
  const begins = lines.flatMap((line, at) => {
    const name = TABLE.exec(line)?.[1];
    return name === undefined ? [] : [{ name, at }];
  });
  if (table === "") return { from: 0, to: begins[0]?.at ?? lines.length };
  const index = begins.findIndex(({ name }) => name === table);
  return index < 0 ? { from: -1, to: -1 } : { from: begins[index].at + 1, to: begins[index + 1]?.at ?? lines.length };
}

function isKey(line: string, key: string): boolean {
  const name = /^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=/.exec(line);
  return name !== null && (name[1] ?? name[2] ?? name[3]) === key;
}

/** How many lines a value takes: a list may go on in further ones. */
function lengthOf(lines: readonly string[], at: number): number {
  if (!/=\s*\[[^\]]*$/.test(lines[at])) return 1;
  const end = lines.findIndex((line, index) => index > at && /^\s*\]/.test(line));
  return end < 0 ? 1 : end - at + 1;
}

/** Behind the last line of a table that says something. */
function lastOf(lines: readonly string[], from: number, to: number): number {
  let at = to;
  while (at > from && lines[at - 1].trim() === "") at--;
  return at;
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A value as TOML: its texts in quotes are those of JSON. */
function tomlText(value: ConfigValue): string {
  return typeof value === "object"
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}
