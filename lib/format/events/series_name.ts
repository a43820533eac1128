import { glob } from "../../base/glob.ts";

/**
 * What a name that a person typed means among series: the whole key (`train/epoch/*:val_loss`), its last part
 * (`val_loss`), or a glob of either with `*` and `?`. A name that was logged with a dot, `val.loss`, need not be escaped as in
 * its key, `log:val\\.loss`.
 */
export function seriesMatcher(name: string): (key: string) => boolean {
  const matches = glob(name);
  const isMeant = (key: string) => matches(key) || matches(lastPart(key));
  return (key) => {
    if (key === name || isMeant(key)) return true;
    return key.includes("\\") && (matches(unescaped(key)) || matches(unescaped(lastPart(key))));
  };
}

/** A key as its names were logged. */
function unescaped(key: string): string {
  return key.replace(/\\(.)/gs, "$1");
}

/** What stands after the event's name in a key: `val_loss`, `grad.norm`. */
export function lastPart(key: string): string {
  return key.slice(/^(?:[^\\:]|\\.)*/s.exec(key)![0].length + 1);
}

/** The keys that a name means, the exact key alone where there is one; sorted. */
export function keysFor(name: string, keys: Iterable<string>): string[] {
  const matches = seriesMatcher(name);
  const found: string[] = [];
  for (const key of keys) {
    if (key === name) return [key];
    if (matches(key)) found.push(key);
  }
  return found.sort();
}

/** Everything that could have been typed for these series: for suggestions. */
export function namesOf(keys: Iterable<string>): Set<string> {
  const names = new Set<string>();
  for (const key of keys) names.add(key).add(lastPart(key));
  return names;
}
