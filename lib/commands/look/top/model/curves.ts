import type { Curve } from "../../../../query/curves/curve.ts";
import type { Facts, SeriesFact } from "./facts.ts";
import type { TopSource } from "./sources.ts";

/** How curves are read. */
export interface CurveStyle {
  readonly x: "step" | "time" | "relative";
  /** Weight of the past, from 0. */
  readonly smooth: number;
  /** At most so many points of a curve. */
  readonly points: number;
}

/** Curves of one series of some experiments of a repository. */
export interface CurveQuestion {
  readonly source: TopSource;
  /** The whole key. */
  readonly series: string;
  readonly ids: readonly string[];
  readonly style: CurveStyle;
}

interface Known {
  /** What was there when the curves were read. */
  readonly stamp: string;
  readonly curves: readonly Curve[];
}

/** So many answers are kept. */
const MAX_KNOWN = 500;

/** Reads curves, and reads them again only where points have come. */
export class CurveCache {
  readonly #known = new Map<string, Known>();

  /** The curves as they were read last; undefined if they never were. */
  get(question: CurveQuestion): readonly Curve[] | undefined {
    return this.#known.get(keyOf(question))?.curves;
  }

  /** Reads the curves if more points are known of than when they were read. Returns whether it did. */
  async refresh(question: CurveQuestion, facts: Facts, signal: AbortSignal): Promise<boolean> {
    const { source, series, ids, style } = question;
    const key = keyOf(question);
    const own = ids.filter((id) => facts.get(id)?.some((fact) => fact.series === series));
    const stamp = own.map((id) => stampOf(facts.get(id)!, series)).join(" ");
    if (this.#known.get(key)?.stamp === stamp) return false;
    const curves = own.length === 0 ? [] : await source.repository.series({
      series,
      where: `exp IN (${own.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ")})`,
      x: style.x,
      smooth: style.smooth,
      points: style.points,
    }, { signal });
    this.#known.delete(key);
    this.#known.set(key, { stamp, curves });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return true;
  }
}

function keyOf({ source, series, ids, style }: CurveQuestion): string {
  return JSON.stringify([source.name, series, ids, style.x, style.smooth, style.points]);
}

function stampOf(facts: readonly SeriesFact[], series: string): string {
  return facts.filter((fact) => fact.series === series).map(({ run, log, count }) => `${run}/${log}:${count}`).join(
    ",",
  );
}
