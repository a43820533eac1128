/** The ids of rules of SYNC.md by what they are about: vectors of wrong messages name them. */
export const RULES = {
  order: "S1",
  size: "S2",
  same: "S3",
  inflated: "S4",
  packed: "S5",
  head: "S6",
  name: "S7",
  check: "S8",
  last: "S9",
  lengths: "S10",
  pipe: "S11",
  greeting: "S12",
  inventory: "S13",
} as const;
