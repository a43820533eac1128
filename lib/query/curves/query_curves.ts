import { despiteDamage } from "../../index/despite_damage.ts";
import { bindQuery } from "../bind/bind.ts";
import { takeSession } from "../session/session_cache.ts";
import { findRunId } from "../snapshot/find_run.ts";
import { withErrorsLocated } from "../session/question.ts";
import type { QueryOptions } from "../query.ts";
import { restrictionsOf } from "../session/restrictions.ts";
import { needsOfRun, oneRun } from "../snapshot/one_run.ts";
import { type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import { snapshotNeedsOf } from "../session/snapshot_needs.ts";
import { QuerySession } from "../session/session.ts";
import { isOverTime } from "./axis.ts";
import { curvesOf, questionOf } from "./curves.ts";
import type { Curve, CurveSelector } from "./curve.ts";

/** Reads curves of series of some repositories; see {@linkcode curvesOf}. */
export async function queryCurves(
  sources: readonly Source[],
  selector: CurveSelector,
  options: QueryOptions = {},
): Promise<Curve[]> {
  const now = options.now ?? Date.now();
  const run = selector.run === undefined ? undefined : await findRunId(sources, selector.run);
  const question = questionOf(selector, now);
  return await withErrorsLocated(question, async () => {
    const bound = bindQuery(question.tree, question.sql);
    const own = snapshotNeedsOf(bound);
    const times = own.times || isOverTime(selector.x);
    const needs: SnapshotNeeds = { ...own, runs: true, logs: true, columns: true, times };
    const only = restrictionsOf(bound, {});
    return await despiteDamage(sources.map(({ index }) => index), async (turn) => {
      if (turn > 0) options.views?.drop();
      const how = { ...options, now };
      const take = options.views?.take.bind(options.views) ?? takeSession;
      const view = run === undefined
        ? (await take(sources, { ...needs, only }, how)).view
        : new QuerySession(oneRun(await takeSnapshot(sources, needsOfRun(needs, run), how), run));
      options.onSnapshot?.();
      const isPart = run !== undefined || only !== undefined;
      const whole = isPart ? () => takeSnapshot(sources, needs, how) : undefined;
      const curves = await curvesOf(view, selector, { ...options, now, whole });
      for (const { index } of sources) index.trim();
      return curves;
    });
  });
}
