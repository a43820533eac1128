import { Anchors } from "./anchors.ts";
import { markersIn } from "./rules/marker.ts";
import { ownFindings } from "./custom_rules.ts";
import { RULES } from "./rules/all.ts";

/** A secret in a text. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  /** Where the part begins that identifies it as one. */
  readonly from: number;
  /** The name of the rule. */
  readonly rule: string;
}

/** What is looked for besides the rules. */
export interface Besides {
  /** Texts in printable ASCII that are secrets wherever they stand. */
  readonly known?: readonly string[];
  /** A person's own patterns. */
  readonly own?: readonly RegExp[];
}

/** The names of what is found besides. */
const [KNOWN, OWN] = ["known", "custom"];
const [KNOWN_RANK, OWN_RANK] = [RULES.length, RULES.length + 1];

type Ranked = Secret & { readonly rank: number };

/** Of all redactors that know no values. */
let plain: Anchors | undefined;

/** Finds the secrets in texts. */
export class Scan {
  readonly #anchors: Anchors;
  readonly #known: readonly string[];
  readonly #own: readonly RegExp[];

  constructor({ known = [], own = [] }: Besides = {}) {
    this.#known = known;
    this.#own = own;
    const sets = RULES.map((rule) => rule.anchors);
    this.#anchors = known.length === 0
      ? plain ??= new Anchors(sets)
      : new Anchors([...sets, known.map((value) => value.toLowerCase())]);
  }

  /**
   * The secrets in a text, in the order in which they stand. One pass shows which rules could find something, usually
   * none; only those are tried. What overlaps is one secret, with the name of the first rule.
   */
  secretsIn(text: string): Secret[] {
    const candidates = this.#anchors.find(text);
    if (candidates === undefined && this.#own.length === 0) return [];
    const found: Ranked[] = [];
    for (const rank of candidates ?? []) {
      if (rank === KNOWN_RANK) this.#findKnown(text, found);
      else for (const finding of RULES[rank].find(text)) found.push({ ...finding, rule: RULES[rank].name, rank });
    }
    for (const { start, end } of ownFindings(this.#own, text)) {
      found.push({ start, end, from: start, rule: OWN, rank: OWN_RANK });
    }
    if (found.length === 0) return [];
    // What was redacted before is not a secret.
    const markers = markersIn(text);
    return mergeOverlaps(
      found.filter(({ start, end }) => !markers.some((one) => start >= one.start && end <= one.end)),
    );
  }

  #findKnown(text: string, found: Ranked[]): void {
    for (const value of this.#known) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        found.push({ start: at, end: at + value.length, from: at, rule: KNOWN, rank: KNOWN_RANK });
      }
    }
  }
}

function mergeOverlaps(found: Ranked[]): Secret[] {
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
