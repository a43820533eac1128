/** The ids of the statements of SYNC.md that wrong messages break, by what they are about. */
export const RULES: Readonly<Record<Rule, string | undefined>> = {
  order: "S17",
  size: "S17",
  same: "S17",
  inflated: "S17",
  packed: undefined,
  head: undefined,
  name: undefined,
  check: "S11",
  last: undefined,
  lengths: undefined,
  pipe: undefined,
  greeting: "S18",
  inventory: undefined,
};

/** What a wrong message is about. */
export type Rule =
  | "order"
  | "size"
  | "same"
  | "inflated"
  | "packed"
  | "head"
  | "name"
  | "check"
  | "last"
  | "lengths"
  | "pipe"
  | "greeting"
  | "inventory";

/** What a vector says of the rule that it breaks. */
export function ruleOf(rule: Rule): { readonly spec?: string } {
  const spec = RULES[rule];
  return spec === undefined ? {} : { spec };
}
