import { Anchors } from "./anchors.ts";
import { markersIn } from "./marker.ts";
import { ownFindings } from "./own_rules.ts";
import { RULES } from "./rules/all.ts";

/** A secret in a text. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  /** Where what tells that it is one begins. */
  readonly from: number;
  /** The name of the rule. */
  readonly rule: string;
}

/** The name of what a person's own patterns find. */
const OWN = "custom";

const anchors = new Anchors(RULES.map((rule) => rule.anchors));

/**
 * The secrets in a text, in the order in which they stand. One pass tells which rules could find something, as a rule none; only
 * those are tried. What overlaps is one secret, with the name of the first rule.
 */
export function secretsIn(text: string, own: readonly RegExp[] = []): Secret[] {
  const candidates = anchors.find(text);
  if (candidates === undefined && own.length === 0) return [];
  const found: (Secret & { readonly rank: number })[] = [];
  for (const rank of candidates ?? []) {
    const { name, find } = RULES[rank];
    for (const finding of find(text)) found.push({ ...finding, rule: name, rank });
  }
  for (const { start, end } of ownFindings(own, text)) {
    found.push({ start, end, from: start, rule: OWN, rank: RULES.length });
  }
  if (found.length === 0) return [];
  // What was redacted before is none.
  const markers = markersIn(text);
  return joined(found.filter(({ start, end }) => !markers.some((one) => start >= one.start && end <= one.end)));
}

function joined(found: (Secret & { readonly rank: number })[]): Secret[] {
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  const secrets = [found[0]];
  for (const next of found.slice(1)) {
    const last = secrets.at(-1)!;
    if (next.start >= last.end) secrets.push(next);
    else {
      const first = next.rank < last.rank ? next : last;
      secrets[secrets.length - 1] = {
        start: last.start,
        end: Math.max(last.end, next.end),
        from: Math.min(last.from, next.from),
        rule: first.rule,
        rank: first.rank,
      };
    }
  }
  return secrets;
}
