/**
 * `damage`: something is lost or wrong. `note`: nothing is lost, such as a line that is still being written. `portability`: another
 * system cannot hold it.
 */
export type Severity = "damage" | "note" | "portability";

/** All that a check may find, and how bad each is: the table in FORMAT.md, "What a check finds". */
export const FINDINGS = {
  "bad-marker": "damage",
  "bad-definition": "damage",
  "wrong-id": "damage",
  "duplicate": "damage",
  "bad-line": "damage",
  "not-utf8": "damage",
  "bad-name": "damage",
  "unreadable": "damage",
  "link": "damage",
  "wrong-hash": "damage",
  "broken-seal": "damage",
  "short-log": "damage",
  "bad-tombstone": "damage",
  "unfinished-purge": "damage",
  "purged": "damage",
  "moved": "note",
  "incomplete": "note",
  "growing-log": "note",
  "torn-tail": "note",
  "irregular-line": "note",
  "irregular-definition": "note",
  "irregular-name": "note",
  "missing-object": "note",
  "lost-events": "note",
  "left-output": "note",
  "left-files": "note",
  "stray": "note",
  "temporary": "note",
  "local-link": "note",
  "unportable": "portability",
} as const satisfies Readonly<Record<string, Severity>>;

/** The word for something that a check finds; stable, for programs. */
export type Finding = keyof typeof FINDINGS;
