import { UsageError } from "../../base/errors.ts";

/** Finds numbers in a printed line; undefined if there are none. */
export type ScalarFinder = (line: string) => Record<string, number> | undefined;

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf(?:inity)?)`;
const PAIR = new RegExp(String.raw`([A-Za-z_][\w./-]*)\s?(?:=|:)\s*(${NUMBER})(%?)(?![\w.:/])`, "gi");

/** `auto`: `name=number` and `name: number`. Anything else is a regular expression whose named groups are the numbers. */
export function scalarFinder(how: string): ScalarFinder {
  if (how === "auto") return automatic;
  let pattern: RegExp;
  try {
    pattern = new RegExp(how, "g");
  } catch (error) {
    throw new UsageError(`Cannot use --scalars "${how}": ${(error as Error).message}`);
  }
  if (!/\(\?<[A-Za-z_]/.test(how)) {
    throw new UsageError(`Cannot use --scalars "${how}": it has no named group, such as (?<loss>[0-9.]+)`);
  }
  return (line) => {
    const found: Record<string, number> = {};
    for (const match of line.matchAll(pattern)) {
      for (const [name, text] of Object.entries(match.groups ?? {})) {
        const value = text === undefined ? undefined : toNumber(text);
        if (value !== undefined) found[name] = value;
      }
    }
    return Object.keys(found).length > 0 ? found : undefined;
  };
}

function automatic(line: string): Record<string, number> | undefined {
  if (!line.includes("=") && !line.includes(":")) return undefined;
  const found: Record<string, number> = {};
  for (const [, name, text, percent] of line.slice(0, 4096).matchAll(PAIR)) {
    const value = toNumber(text);
    if (value !== undefined) found[name] = percent === "%" ? value / 100 : value;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

function toNumber(text: string): number | undefined {
  const word = text.toLowerCase();
  if (/^[+-]?nan$/.test(word)) return NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}
