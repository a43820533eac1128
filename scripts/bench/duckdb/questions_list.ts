/** A question that people ask of their runs. */
export interface BenchQuestion {
  readonly what: string;
  readonly sql: string;
  /** The same for DuckDB, where it is written in another way. */
  readonly duckdb?: string;
  /** Whether the engine was tuned by looking at this very question; the rest is what it does for any. */
  readonly tuned?: true;
}

const q = (what: string, sql: string, duckdb?: string): BenchQuestion => ({ what, sql, duckdb });
const tuned = (what: string, sql: string, duckdb?: string): BenchQuestion => ({ what, sql, duckdb, tuned: true });

const LOSS = "FROM points WHERE key = 'loss'";
/** The key that identifies the run in the middle. */
const RUN = "run = 'r000000000100'";

/** Taken from what users of experiment trackers and of data frames ask; all of them have one answer. */
export const QUESTIONS: readonly BenchQuestion[] = [
  tuned("all points at once", "SELECT count(*), avg(value), min(value), max(value) FROM points"),
  tuned("mean and deviation at each step", `SELECT step, avg(value), stddev(value) ${LOSS} GROUP BY step`),
  tuned("top 10 runs by least loss", `SELECT run, min(value) m ${LOSS} GROUP BY run ORDER BY m LIMIT 10`),
  tuned("the 10 least points", `SELECT run, step, value ${LOSS} ORDER BY value LIMIT 10`),
  tuned(
    "mean loss by learning rate",
    "SELECT params.lr, avg(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' GROUP BY 1",
  ),
  // Curves
  q("one curve", `SELECT step, value ${LOSS} AND ${RUN} ORDER BY step`),
  q("one curve, every 100th step", `SELECT step, value ${LOSS} AND ${RUN} AND step % 100 = 0 ORDER BY step`),
  q("all curves, every 500th step", `SELECT run, step, value ${LOSS} AND step % 500 = 0 ORDER BY run, step`),
  q("the last value of each curve", `SELECT run, last FROM metrics WHERE key = 'loss' ORDER BY run`),
  q(
    "the last point of each run by a window",
    `SELECT run, value FROM (SELECT run, value, row_number() OVER (PARTITION BY run ORDER BY step DESC) n ${LOSS}) t
     WHERE n = 1 ORDER BY run`,
  ),
  q(
    "the curve of the best run, by a subquery",
    `SELECT step, value ${LOSS} AND run = (SELECT run FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 1) ORDER BY step`,
  ),
  q(
    "the curve of the best run, by a join",
    `SELECT p.step, p.value FROM points p JOIN (SELECT run FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 1) b
     ON p.run = b.run WHERE p.key = 'loss' ORDER BY p.step`,
  ),
  q(
    "curves of runs below a loss",
    `SELECT run, step, value ${LOSS} AND run IN (SELECT run FROM metrics WHERE key = 'loss' AND min < 0.76)
     AND step >= 4900 ORDER BY run, step`,
  ),
  q(
    "loss in bins of 100 steps",
    `SELECT CAST(step / 100 AS INTEGER) bin, avg(value) ${LOSS} GROUP BY 1 ORDER BY 1`,
    `SELECT CAST(floor(step / 100) AS INTEGER) bin, avg(value) ${LOSS} GROUP BY 1 ORDER BY 1`,
  ),
  q(
    "min, mean, max in bins for each run",
    `SELECT run, floor(step / 500) bin, min(value), avg(value), max(value) ${LOSS} GROUP BY run, bin ORDER BY run, bin`,
  ),
  q(
    "a moving mean of one run",
    `SELECT step, avg(value) OVER (ORDER BY step ROWS BETWEEN 99 PRECEDING AND CURRENT ROW) ${LOSS} AND ${RUN} ORDER BY step`,
  ),
  q(
    "a moving mean of all runs",
    `SELECT run, sum(m) FROM (SELECT run, avg(value) OVER (PARTITION BY run ORDER BY step ROWS BETWEEN 9 PRECEDING AND
     CURRENT ROW) m ${LOSS}) t GROUP BY run ORDER BY run`,
  ),
  q(
    "the change from step to step",
    `SELECT run, max(d) FROM (SELECT run, value - lag(value) OVER (PARTITION BY run ORDER BY step) d ${LOSS}) t
     GROUP BY run ORDER BY run`,
  ),
  q(
    "the running least value",
    `SELECT run, avg(m) FROM (SELECT run, min(value) OVER (PARTITION BY run ORDER BY step) m ${LOSS}) t GROUP BY run
     ORDER BY run`,
  ),
  q("seconds a step", `SELECT run, (max(ts) - min(ts)) / 1000.0 / count(*) ${LOSS} GROUP BY run ORDER BY run`),
  // Statistics
  q("median of each run", `SELECT run, median(value) ${LOSS} GROUP BY run ORDER BY run`),
  q(
    "90th percentile of each run",
    `SELECT run, percentile(value, 90) ${LOSS} GROUP BY run ORDER BY run`,
    `SELECT run, quantile_cont(value, 0.9) ${LOSS} GROUP BY run ORDER BY run`,
  ),
  q(
    "quartiles of all",
    `SELECT percentile(value, 25), median(value), percentile(value, 75) ${LOSS}`,
    `SELECT quantile_cont(value, 0.25), median(value), quantile_cont(value, 0.75) ${LOSS}`,
  ),
  q("median at each 100th step", `SELECT step, median(value) ${LOSS} AND step % 100 = 0 GROUP BY step ORDER BY step`),
  q("deviation by key", "SELECT key, stddev(value), variance(value) FROM points GROUP BY key ORDER BY key"),
  q(
    "a histogram",
    `SELECT CAST(value * 20 AS INTEGER) b, count(*) ${LOSS} GROUP BY 1 ORDER BY 1`,
    `SELECT CAST(trunc(value * 20) AS INTEGER) b, count(*) ${LOSS} GROUP BY 1 ORDER BY 1`,
  ),
  q(
    "how many points are outliers",
    `SELECT count(*) FROM points p JOIN (SELECT run, avg(value) m, stddev(value) s ${LOSS} GROUP BY run) g ON p.run = g.run
     WHERE p.key = 'loss' AND abs(p.value - g.m) > 3 * g.s`,
  ),
  q(
    "points below their series' mean",
    `SELECT count(*) FROM points p WHERE key = 'loss' AND value < (SELECT avg(value) FROM points q WHERE q.key = 'loss'
     AND q.run = p.run)`,
  ),
  q(
    "mean of the last 100 steps of each run",
    `SELECT run, avg(value) ${LOSS} AND step >= 4900 GROUP BY run ORDER BY run`,
  ),
  q(
    "means of each run ranked",
    `WITH m AS (SELECT run, avg(value) a ${LOSS} GROUP BY run) SELECT run, a, rank() OVER (ORDER BY a) FROM m ORDER BY a
     LIMIT 20`,
  ),
  q(
    "CASE in a sum",
    `SELECT run, sum(CASE WHEN value < 1 THEN 1 ELSE 0 END) * 1.0 / count(*) ${LOSS} GROUP BY run ORDER BY run`,
  ),
  q(
    "FILTER on aggregates",
    `SELECT run, avg(value) FILTER (WHERE step < 1000), avg(value) FILTER (WHERE step >= 4000) ${LOSS} GROUP BY run
     ORDER BY run`,
  ),
  q("distinct steps", `SELECT count(DISTINCT step) ${LOSS}`),
  q("distinct rounded values", `SELECT DISTINCT round(value, 2) v ${LOSS} ORDER BY v`),
  q("distinct steps of each run", `SELECT run, count(DISTINCT step) ${LOSS} GROUP BY run ORDER BY run`),
  q(
    "correlation of two metrics, by hand",
    `SELECT a.run, (avg(a.value * b.value) - avg(a.value) * avg(b.value)) FROM points a JOIN points b ON a.run = b.run AND
     a.step = b.step WHERE a.key = 'loss' AND b.key = 'acc' GROUP BY a.run ORDER BY a.run`,
  ),
  q(
    "two metrics side by side",
    `SELECT run, step, max(CASE WHEN key = 'loss' THEN value END) l, max(CASE WHEN key = 'acc' THEN value END) a FROM points
     WHERE step >= 4950 GROUP BY run, step ORDER BY run, step`,
  ),
  q(
    "UNION ALL of two groupings",
    `SELECT key, run, avg(value) v FROM points WHERE key = 'loss' GROUP BY key, run UNION ALL
     SELECT key, run, max(value) v FROM points WHERE key = 'acc' GROUP BY key, run ORDER BY 1, 2`,
  ),
  q("the step of the least value", `SELECT run, min_step FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 10`),
  q("the first step below a value", `SELECT run, min(step) ${LOSS} AND value < 1 GROUP BY run ORDER BY 2 LIMIT 10`),
  q("HAVING", `SELECT run, avg(value) ${LOSS} GROUP BY run HAVING max(value) - min(value) > 1.2 ORDER BY 2`),
  q("ORDER BY an expression", `SELECT run, step ${LOSS} ORDER BY abs(value - 1), run, step LIMIT 20`),
  q("a deep OFFSET", `SELECT run, step, value ${LOSS} ORDER BY run, step LIMIT 20 OFFSET 500000`),
  q("points in a range of time", `SELECT count(*), avg(value) ${LOSS} AND ts BETWEEN 1700000050000 AND 1700000150000`),
  q("infinite or absent values", `SELECT count(*) FROM points WHERE value IS NULL OR abs(value) > 1e30`),
  q(
    "points of many keys",
    "SELECT key, count(*) FROM points WHERE key IN ('loss', 'acc', 'grad_norm') GROUP BY key ORDER BY key",
  ),
  q("keys like a pattern", "SELECT count(*) FROM points WHERE key LIKE 'grad%'"),
  q("parity of steps", `SELECT step % 2, avg(value) ${LOSS} GROUP BY 1 ORDER BY 1`),
  // Experiments and runs
  q(
    "params of the best runs",
    `SELECT e.params.lr, e.params.seed, m.min FROM metrics m JOIN experiments e USING (exp) WHERE m.key = 'loss'
     ORDER BY m.min LIMIT 10`,
  ),
  q(
    "mean and deviation over seeds",
    `SELECT params.lr, params.model, avg(min), stddev(min), count(*) FROM metrics JOIN experiments USING (exp)
     WHERE key = 'loss' GROUP BY 1, 2 ORDER BY 1, 2`,
  ),
  q(
    "mean curve of each learning rate",
    `SELECT params.lr, step, avg(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' AND step % 50 = 0
     GROUP BY 1, 2 ORDER BY 1, 2`,
  ),
  q(
    "the best seed of each learning rate",
    `SELECT lr, seed, v FROM (SELECT params.lr lr, params.seed seed, min v, row_number() OVER (PARTITION BY params.lr ORDER BY
     min, params.seed) n FROM metrics JOIN experiments USING (exp) WHERE key = 'loss') t WHERE n = 1 ORDER BY lr`,
  ),
  q(
    "points of experiments that match",
    `SELECT count(*), avg(value) ${LOSS} AND exp IN (SELECT exp FROM experiments WHERE params.lr < 0.01)`,
  ),
  q(
    "experiments without a run below a loss",
    "SELECT count(*) FROM experiments e WHERE NOT EXISTS (SELECT 1 FROM metrics m WHERE m.exp = e.exp AND key = 'loss' AND min < 0.76)",
  ),
  q("experiments by model", "SELECT params.model, count(*), avg(params.lr) FROM experiments GROUP BY 1 ORDER BY 1"),
  q("runs of a host by day", "SELECT hostname, count(*) FROM runs GROUP BY hostname ORDER BY hostname"),
  q(
    "metrics of a pivot",
    `SELECT run, max(CASE WHEN key = 'loss' THEN last END), max(CASE WHEN key = 'acc' THEN last END) FROM metrics GROUP BY run
     ORDER BY run`,
  ),
  q(
    "runs with both a low loss and a high accuracy",
    `SELECT a.run FROM metrics a JOIN metrics b ON a.run = b.run WHERE a.key = 'loss' AND b.key = 'acc' AND a.min < 0.8
     AND b.max > 0.8 ORDER BY a.run`,
  ),
  // Events
  q("count of events", "SELECT count(*) FROM events"),
  q("events by phase", "SELECT data.phase, count(*) FROM events GROUP BY 1 ORDER BY 1"),
  q("events above a value deep in the data", "SELECT count(*) FROM events WHERE data.x.y > 3"),
  q("a mean over events by a text", "SELECT data.phase, avg(data.loss) FROM events GROUP BY 1 ORDER BY 1"),
  q(
    "events of one run in a range",
    `SELECT line, data.loss, data.phase FROM events WHERE ${RUN} AND line BETWEEN 2000 AND 2100 ORDER BY line`,
  ),
  q("the last event of each run", "SELECT run, max(line), max(ts) FROM events GROUP BY run ORDER BY run"),
  q(
    "a ratio of two numbers of an event",
    "SELECT run, avg(data.loss / data.x.y) FROM events WHERE data.x.y > 0 GROUP BY run ORDER BY run",
  ),
  // Further ones, which were written when the engine was ready.
  q("values that a parameter has", "SELECT DISTINCT params.lr FROM experiments ORDER BY 1"),
  q("the newest experiments", "SELECT exp, params.lr, params.model FROM experiments ORDER BY created_at DESC LIMIT 5"),
  q(
    "experiments that match",
    `SELECT exp, params.seed FROM experiments WHERE params.model = 'large' AND params.lr BETWEEN 0.0005 AND 0.05
     ORDER BY created_at`,
  ),
  q(
    "best and worst of each setting",
    `SELECT params.model, params.lr, min(m.min), max(m.min), count(*) FROM experiments JOIN metrics m USING (exp)
     WHERE m.key = 'loss' GROUP BY 1, 2 HAVING count(*) > 5 ORDER BY 1, 2`,
  ),
  q(
    "two runs side by side",
    `SELECT a.step, a.value, b.value, a.value - b.value FROM points a JOIN points b ON a.step = b.step WHERE
     a.run = 'r000000000003' AND b.run = 'r000000000007' AND a.key = 'loss' AND b.key = 'loss' ORDER BY a.step`,
  ),
  q("all runs at one step", `SELECT run, value ${LOSS} AND step = 1000 ORDER BY run`),
  q(
    "the step where each run is nearest to a value",
    `SELECT run, step FROM (SELECT run, step, row_number() OVER (PARTITION BY run ORDER BY abs(value - 1), step) n ${LOSS}) t
     WHERE n = 1 ORDER BY run`,
  ),
  q(
    "the last 3 points of each run",
    `SELECT run, step, value FROM (SELECT run, step, value, row_number() OVER (PARTITION BY run ORDER BY step DESC) n
     ${LOSS}) t WHERE n <= 3 ORDER BY run, step`,
  ),
  q(
    "how much of the time a norm is high",
    `SELECT run, avg(CASE WHEN value > 5 THEN 1.0 ELSE 0.0 END) FROM points WHERE key = 'grad_norm' GROUP BY run ORDER BY 2, run`,
  ),
  q("root mean square of each run", `SELECT run, sqrt(avg(value * value)) ${LOSS} GROUP BY run ORDER BY run`),
  q(
    "a running sum",
    `SELECT run, max(c) FROM (SELECT run, sum(value) OVER (PARTITION BY run ORDER BY step) c ${LOSS}) t GROUP BY run
     ORDER BY run`,
  ),
  q(
    "quarters of runs by their best",
    `SELECT q, avg(min), count(*) FROM (SELECT min, ntile(4) OVER (ORDER BY min, run) q FROM metrics WHERE key = 'loss') t
     GROUP BY q ORDER BY q`,
  ),
  q(
    "the distance from the mean curve",
    `SELECT p.run, avg(abs(p.value - m.v)) FROM points p JOIN (SELECT step, avg(value) v ${LOSS} GROUP BY step) m
     ON p.step = m.step WHERE p.key = 'loss' GROUP BY p.run ORDER BY p.run`,
  ),
  q(
    "the gap between two metrics in bins",
    `SELECT floor(a.step / 1000) b, avg(a.value - b.value) FROM points a JOIN points b ON a.run = b.run AND a.step = b.step
     WHERE a.key = 'loss' AND b.key = 'acc' GROUP BY 1 ORDER BY 1`,
  ),
  q(
    "runs good at both, by INTERSECT",
    `SELECT run FROM metrics WHERE key = 'loss' AND min < 0.8 INTERSECT SELECT run FROM metrics WHERE key = 'acc' AND max > 0.8
     ORDER BY 1`,
  ),
  q(
    "points a minute",
    "SELECT ts / 60000, count(*) FROM points WHERE key = 'loss' GROUP BY 1 ORDER BY 1",
    "SELECT ts // 60000, count(*) FROM points WHERE key = 'loss' GROUP BY 1 ORDER BY 1",
  ),
  q(
    "means by host",
    "SELECT r.hostname, avg(p.value) FROM points p JOIN runs r ON p.run = r.run WHERE p.key = 'loss' GROUP BY 1 ORDER BY 1",
  ),
  tuned(
    "points below each of some thresholds",
    `WITH t(x) AS (VALUES (0.8), (1.0), (1.5)) SELECT x, count(*) FROM points JOIN t ON value < x WHERE key = 'loss'
     GROUP BY x ORDER BY x`,
  ),
  q(
    "runs whose loss went up at the end",
    `SELECT run FROM (SELECT run, avg(value) FILTER (WHERE step >= 4500) a, avg(value) FILTER (WHERE step BETWEEN 4000 AND 4499) b
     ${LOSS} GROUP BY run) t WHERE a > b ORDER BY run`,
  ),
  q(
    "runs that ever were below a value, by EXISTS",
    `SELECT count(*) FROM runs r WHERE EXISTS (SELECT 1 FROM points p WHERE p.run = r.run AND p.key = 'loss'
     AND p.value < 0.75)`,
  ),
  q(
    "runs that never were, by NOT IN",
    "SELECT count(*) FROM runs WHERE run NOT IN (SELECT run FROM points WHERE key = 'loss' AND value < 0.75)",
  ),
  q(
    "the greatest of each run, by a subquery in a column",
    `SELECT run, (SELECT max(value) FROM points p WHERE p.run = r.run AND key = 'acc') FROM runs r ORDER BY run`,
  ),
  q(
    "how many there are of everything",
    "SELECT (SELECT count(*) FROM experiments), (SELECT count(*) FROM runs), (SELECT count(*) FROM points)",
  ),
  q(
    "median over seeds at each 100th step",
    `SELECT params.lr, step, median(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' AND step % 100 = 0
     GROUP BY 1, 2 ORDER BY 1, 2`,
  ),
  q("percent ranks", "SELECT run, percent_rank() OVER (ORDER BY min) FROM metrics WHERE key = 'loss' ORDER BY 2, run"),
  q("how far each run came", "SELECT run, first - min FROM metrics WHERE key = 'loss' ORDER BY 2 DESC, run LIMIT 20"),
  q(
    "by a text and bins of steps",
    `SELECT upper(params.model), floor(step / 1000), avg(value), count(*) FROM points JOIN experiments USING (exp)
     WHERE key = 'acc' GROUP BY 1, 2 ORDER BY 1, 2`,
  ),
  q(
    "points in a box",
    `SELECT run, count(*) ${LOSS} AND step BETWEEN 1000 AND 2000 AND value > 1 GROUP BY run ORDER BY run`,
  ),
  q("an order by two columns", `SELECT run, step, value ${LOSS} ORDER BY step DESC, value LIMIT 50`),
  q(
    "first and last value by windows",
    `SELECT DISTINCT run, first_value(value) OVER w, last_value(value) OVER w ${LOSS} AND step < 1000
     WINDOW w AS (PARTITION BY run ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY run`,
  ),
  q("texts put together", `SELECT run || ':' || CAST(step AS INTEGER) ${LOSS} AND step % 1000 = 0 ORDER BY 1`),
  q("how many runs there are at each step", `SELECT step, count(DISTINCT run) ${LOSS} GROUP BY step ORDER BY step`),
  q(
    "the spread at each 10th step",
    `SELECT step, max(value) - min(value) ${LOSS} AND step % 10 = 0 GROUP BY step ORDER BY step`,
  ),
  q(
    "runs without a metric, by a left join",
    "SELECT count(*) FROM runs r LEFT JOIN metrics m ON m.run = r.run AND m.key = 'loss' AND m.min < 0.75 WHERE m.run IS NULL",
  ),
  q("events that match a text and a number", "SELECT count(*) FROM events WHERE data.phase = 'main' AND data.loss < 1"),
  q(
    "events by a text and a number",
    "SELECT data.phase, data.x.y, count(*), avg(data.loss) FROM events GROUP BY 1, 2 ORDER BY 1, 2",
  ),
  q("the greatest of events", "SELECT run, line, data.grad_norm FROM events ORDER BY data.grad_norm DESC LIMIT 10"),
  q(
    "gaps in time between events",
    `SELECT run, max(g) FROM (SELECT run, ts - lag(ts) OVER (PARTITION BY run ORDER BY line) g FROM events) t GROUP BY run
     ORDER BY run`,
  ),
];
