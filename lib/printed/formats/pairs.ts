import { BOUNDARY, NUMBER, toNumber } from "./numbers.ts";
import type { Scalars } from "./recogniser.ts";

/** Words before a name that belong to it: `Train Loss: 0.5`, `best val acc = 91%`. */
const QUALIFIER = "train(?:ing)?|val(?:id(?:ation)?)?|test(?:ing)?|eval(?:uation)?|dev|avg|average|mean|best|total|" +
  "running|final|smoothed";
const NAME = String.raw`(?<![\p{L}\p{N}_./@:\\-])((?:(?:${QUALIFIER})\s){0,2}[\p{L}_][\p{L}\p{N}_./@-]*)`;
/** `name=1.5`, `name = 1.5`, `name: 1.5`; without a space after the colon only what is not `host:port`. */
const PAIR = new RegExp(String.raw`${NAME}\s?(=\s*|:\s+|:)(${NUMBER})(?:(\s?%)|${BOUNDARY})`, "giu");
/** `name 1.5` too, in formats that are known to write it so. */
const SPACED_PAIR = new RegExp(String.raw`${NAME}\s?(=\s*|:\s*|\s+)(${NUMBER})(?:(\s?%)|${BOUNDARY})`, "giu");

/** Longer lines are not looked at beyond this. */
const MAX_LENGTH = 4096;

/** Names that stand for the step, in the order of their weight. */
const STEP_NAMES = ["global_step", "step", "num_updates", "iteration", "iter"];

/** The pairs of a line. A name that comes again counts once, with its first value. */
export function pairsIn(line: string, options: { readonly spaced?: boolean } = {}): Scalars {
  const found: Scalars = {};
  const pattern = options.spaced ? SPACED_PAIR : PAIR;
  for (const [, name, separator, text, percent] of line.slice(0, MAX_LENGTH).matchAll(pattern)) {
    const key = name.trim().replace(/\s+/g, "_");
    const value = toNumber(text);
    if (value === undefined || Object.hasOwn(found, key) || key === "__proto__") continue;
    const isAddress = separator === ":" && percent === undefined && /^\d+$/.test(text);
    if (isAddress && !/^(?:global_?)?(?:step|iter(?:ation)?|epoch)$/i.test(key)) continue;
    found[key] = percent === undefined ? value : value / 100;
  }
  return found;
}

const STEP =
  /(?<![\p{L}\p{N}_./-])(global[_ ]?step|step|iter(?:ation)?)\s?(?:[:=#]\s*|\s)?\[?\s*(\d{1,3}(?:,\d{3})+|\d+)(?![\d\p{L}_]|[.:-]\d)/iu;
const EPOCH = /(?<![\p{L}\p{N}_./-])epoch\s?(?:[:=#]\s*|\s)?\[?\s*(\d+(?:\.\d+)?)(?![\d\p{L}_]|[.:-]\d)/iu;
/** `[100] loss: 0.5` */
const LEADING = /^\s*\[(\d+)\]\s/;

/** Moves what a line says of its step to `step`, and of its epoch to `epoch`, or to `step` where there is no other. */
export function withStep(scalars: Scalars, line: string): Scalars {
  const named = (wanted: string) => Object.keys(scalars).find((name) => name.toLowerCase() === wanted);
  let step: number | undefined;
  for (const wanted of STEP_NAMES) {
    const name = named(wanted) ?? named(wanted.replace("_", ""));
    if (name === undefined || !Number.isFinite(scalars[name])) continue;
    step ??= scalars[name];
    delete scalars[name];
  }
  step ??= toNumber(STEP.exec(line)?.[2] ?? LEADING.exec(line)?.[1] ?? "");
  const name = named("epoch");
  const epoch = name === undefined ? toNumber(EPOCH.exec(line)?.[1] ?? "") : scalars[name];
  if (name !== undefined) delete scalars[name];
  return atStep(scalars, step, epoch);
}

/** The scalars with their step and epoch in front. */
export function atStep(scalars: Scalars, step: number | undefined, epoch?: number): Scalars {
  if (step === undefined) return epoch === undefined ? scalars : { step: epoch, ...scalars };
  return epoch === undefined ? { step, ...scalars } : { step, epoch, ...scalars };
}
