/** The ids of the rules of SYNC.md that wrong messages break, by what they are about. */
const RULES = {
  order: "S52",
  size: "S53",
  same: "S54",
  inflated: "S55",
  last: "S56",
  frames: "S17",
  head: "S13",
  counts: "S64",
  listed: "S117",
  name: "S22",
  check: "S11",
  lengths: "S63",
  end: "S65",
  message: "S18",
  cut: "S68",
  version: "S103",
  noVersion: "S104",
  request: "S9",
} as const;

/** What a wrong message is about. */
export type Rule = keyof typeof RULES;

/** What a vector says of the rule that it breaks. */
export function ruleOf(rule: Rule): { readonly spec: string } {
  return { spec: RULES[rule] };
}
