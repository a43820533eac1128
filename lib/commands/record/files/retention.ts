// Which versions of files a run keeps. Pure: it looks at names, times and values.

/** Milliseconds by which a printed line may seem to be late on a busy machine. */
const SLACK_MS = 10_000;

/** The best by a series. */
export interface BestOf {
  /** As a person types it: a key, its last part, or a glob. */
  readonly series: string;
  readonly count: number;
  readonly better: "min" | "max";
}

/** What is kept: without either, everything. */
export interface Retention {
  readonly last?: number;
  readonly best: readonly BestOf[];
}

/** A version of a file. */
export interface Version {
  readonly name: string;
  /** When it was written, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A point of a series. */
export interface Value {
  readonly step: number | undefined;
  readonly at: number;
  readonly value: number;
}

/**
 * The versions that need not be kept. Names that differ in their numbers only, such as `epoch-3.pt` and `epoch-4.pt`, are taken
 * together, and the last of them always stays: a run is gone on with from there. So does one of which a value is not known.
 *
 * @param versions In the order in which they were kept; of one name, that is the order in which they were written.
 * @param valuesOf The points of a series.
 * @param isOver Whether no more values come. Until then, a value that is logged later may be nearer to a version.
 */
export function unwanted<Of extends Version>(
  versions: readonly Of[],
  { last, best }: Retention,
  valuesOf: (series: string) => readonly Value[],
  isOver = true,
): Of[] {
  if (last === undefined && best.length === 0) return [];
  const groups = Map.groupBy(versions, ({ name }) => groupOf(name));
  const gone: Of[] = [];
  for (const versionsOfGroup of groups.values()) {
    const group = versionsOfGroup.toSorted(byAge);
    const kept = new Set<Of>(group.slice(-(last ?? 1)));
    for (const { series, count, better } of best) {
      const values = valuesOf(series);
      const ranked = group.map((version, at) => ({ version, value: valueAt(group, at, values, isOver) }));
      for (const { version, value } of ranked) if (value === undefined) kept.add(version);
      // Of equal ones, the later one.
      const known = ranked.filter(({ value }) => value !== undefined).reverse();
      known.sort((a, b) => compare(rank(a.value!, better), rank(b.value!, better)));
      for (const { version } of known.slice(0, count)) kept.add(version);
    }
    gone.push(...group.filter((version) => !kept.has(version)));
  }
  return gone;
}

/**
 * Versions whose names say a step far beyond all of a series, though others say steps that it has: another program seems to have
 * written them. What comes within one more interval of the series is not far.
 */
export function beyond<Of extends Version>(versions: readonly Of[], values: readonly Value[]): Of[] {
  const logged = new Set(values.flatMap(({ step }) => step ?? []));
  if (!versions.some(({ name }) => stepsOf(name).some((step) => logged.has(step)))) return [];
  const inOrder = Float64Array.from(logged).sort();
  let interval = 1;
  for (let at = 1; at < inOrder.length; at++) interval = Math.max(interval, inOrder[at] - inOrder[at - 1]);
  const end = inOrder[inOrder.length - 1] + interval;
  return versions.filter(({ name }) => {
    const steps = stepsOf(name);
    return steps.length > 0 && steps.every((step) => step > end);
  });
}

/** What names have in common that differ in their numbers. */
export function groupOf(name: string): string {
  return name.replace(/\d+/g, "*");
}

/**
 * Compares versions of one group by when they were written. Clocks of file systems tick every few milliseconds, so files that were
 * written in a row may have one time: then the numbers in the names tell.
 */
function byAge(a: Version, b: Version): number {
  if (a.at !== b.at) return a.at - b.at;
  return compareNumbers(stepsOf(a.name), stepsOf(b.name)) || compareNumbers(numbersOf(a.name), numbersOf(b.name));
}

function numbersOf(name: string): bigint[] {
  return Array.from(name.matchAll(/\d+/g), ([digits]) => BigInt(digits));
}

/** By the first number that differs. */
function compareNumbers<Of extends number | bigint>(a: readonly Of[], b: readonly Of[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) return compare(a[at], b[at]);
  return 0;
}

function compare<Of extends number | bigint>(a: Of, b: Of): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The value that belongs to a version: the one whose step its name says, if that was logged at about the time between the version
 * before it and the one behind it; else the one that was logged nearest to the time at which it was written.
 */
export function valueAt(
  group: readonly Version[],
  at: number,
  values: readonly Value[],
  isOver: boolean,
): number | undefined {
  const { name, at: time } = group[at];
  const steps = stepsOf(name);
  const [from, to] = [(group[at - 1]?.at ?? -Infinity) - SLACK_MS, (group[at + 1]?.at ?? Infinity) + SLACK_MS];
  const byStep = values.findLast((value) => {
    return value.step !== undefined && steps.includes(value.step) && value.at >= from && value.at <= to;
  });
  if (byStep !== undefined) return byStep.value;
  if (!isOver && values.every((value) => value.at <= time)) return undefined;
  let nearest: Value | undefined;
  for (const value of values) {
    if (nearest === undefined || Math.abs(value.at - time) < Math.abs(nearest.at - time)) nearest = value;
  }
  return nearest?.value;
}

/** The epochs and steps that a name may say: `epoch=3-step=500.ckpt`, `checkpoint-500/model.bin`, or the only number of `m3.pt`. */
function stepsOf(name: string): number[] {
  const named = name.matchAll(/(?:epoch|step|iter(?:ation)?|checkpoint|ckpt)[-_=]?(\d{1,15})(?!\d)/gi);
  const steps = Array.from(named, ([, digits]) => Number(digits));
  if (steps.length > 0) return steps;
  const base = name.slice(name.lastIndexOf("/") + 1).replace(/\.[a-z]\w*$/i, "");
  const numbers = base.match(/\d+/g) ?? [];
  return numbers.length === 1 && numbers[0].length <= 15 ? [Number(numbers[0])] : [];
}

/** Not a number is the worst. */
function rank(value: number, better: BestOf["better"]): number {
  if (Number.isNaN(value)) return Infinity;
  return better === "min" ? value : -value;
}
