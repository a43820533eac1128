import { assertEquals } from "@std/assert";
import { optimize } from "../../../lib/query/plan/rewrite/optimize.ts";
import type { Plan, Scalar, ScanPlan } from "../../../lib/query/plan/plan.ts";
import { planLines } from "../../../lib/query/plan/plan_text.ts";
import { constant, input } from "../../../lib/query/plan/scalars.ts";

const UNIQUE = { uniqueExperiments: true, uniqueRuns: true };
const TWICE = { uniqueExperiments: false, uniqueRuns: false };

function scan(table: string, ...columns: string[]): ScanPlan {
  const named = columns.map((name) => {
    const [column, ...path] = name.split(".");
    return { table, column, ...path.length > 0 && { path } };
  });
  return { kind: "scan", table, columns: named, where: [] };
}

function compare(op: "=" | ">", left: Scalar, right: Scalar): Scalar {
  return { kind: "compare", op, left, right };
}

/** `SELECT params.lr, count(*), max(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' AND … GROUP BY 1` */
function byParam(more: Scalar[], join: "inner" | "left" = "inner"): Plan {
  const left = scan("points", "exp", "key", "value");
  const right = scan("experiments", "exp", "params.lr");
  const on = compare("=", input(0), input(3));
  const joined: Plan = { kind: "join", join, left, right, equal: [], on };
  const items = [compare("=", input(1), constant("loss")), ...more];
  return {
    kind: "aggregate",
    input: { kind: "filter", input: joined, condition: { kind: "and", items } },
    keys: [input(4)],
    aggregates: [
      { name: "count", args: [], distinct: false, filter: undefined },
      { name: "max", args: [input(2)], distinct: false, filter: undefined },
    ],
  };
}

Deno.test("optimize: a join with experiments becomes columns of the scan", () => {
  assertEquals(planLines(optimize(byParam([compare(">", input(2), constant(1))]), UNIQUE)), [
    "aggregate count(*), max(#1) by #2",
    "  scan points (key, value, experiments.params.lr) where (#0 = 'loss') and (#1 > 1)",
  ]);
});

Deno.test("optimize: aggregates of whole series do not read points", () => {
  assertEquals(planLines(optimize(byParam([]), UNIQUE)), [
    "project #0, coalesce(#1, 0), #2",
    "  aggregate sum(#2), max(#3) by #1",
    "    scan series (key, experiments.params.lr, count, max) where (#0 = 'loss')",
  ]);
});

Deno.test("optimize: an outer join with experiments misses nothing", () => {
  assertEquals(planLines(optimize(byParam([compare(">", input(2), constant(1))], "left"), UNIQUE)), [
    "aggregate count(*), max(#1) by #2",
    "  scan points (key, value, experiments.params.lr) where (#0 = 'loss') and (#1 > 1)",
  ]);
});

Deno.test("optimize: where two repositories hold one experiment, a join by its id alone stays a join", () => {
  assertEquals(planLines(optimize(byParam([]), TWICE)), [
    "aggregate count(*), max(#2) by #4",
    "  inner join on #0 = right #0",
    "    scan points (exp, key, value) where (#1 = 'loss')",
    "    scan experiments (exp, params.lr)",
  ]);
});

Deno.test("optimize: a condition on what an outer join may miss stays above it", () => {
  const left = scan("experiments", "exp");
  const right = scan("notes", "exp", "text");
  const on: Scalar = {
    kind: "and",
    items: [
      compare("=", input(0), input(1)),
      compare("=", input(0), constant("a")),
      compare("=", input(2), constant("b")),
    ],
  };
  const join: Plan = { kind: "join", join: "left", left, right, equal: [], on };
  const plan: Plan = { kind: "filter", input: join, condition: compare("=", input(2), constant("c")) };
  assertEquals(planLines(optimize(plan, UNIQUE)), [
    "filter (#2 = 'c')",
    "  left join on #0 = right #0 and (#0 = 'a')",
    "    scan experiments (exp)",
    "    scan notes (exp, text) where (#1 = 'b')",
  ]);
});

Deno.test("optimize: conditions go through groups only by their keys, and not through LIMIT", () => {
  const groups: Plan = {
    kind: "aggregate",
    input: scan("events", "exp", "event"),
    keys: [input(0)],
    aggregates: [{ name: "count", args: [], distinct: false, filter: undefined }],
  };
  const items = [compare("=", input(0), constant("a")), compare(">", input(1), constant(3n))];
  const condition: Scalar = { kind: "and", items };
  assertEquals(planLines(optimize({ kind: "filter", input: groups, condition }, UNIQUE)), [
    "filter (#1 > 3)",
    "  aggregate count(*) by #0",
    "    scan events (exp) where (#0 = 'a')",
  ]);
  const limit: Plan = { kind: "limit", input: scan("events", "exp"), offset: 0, count: 5 };
  const filtered: Plan = { kind: "filter", input: limit, condition: items[0] };
  assertEquals(planLines(optimize(filtered, UNIQUE))[0], "filter (#0 = 'a')");
  const none: Plan = { ...groups, keys: [] };
  const never: Plan = { kind: "filter", input: none, condition: constant(0n) };
  assertEquals(planLines(optimize(never, UNIQUE))[0], "filter 0");
});

Deno.test("optimize: a limit goes into the sort and into the scan", () => {
  const keys = [{ scalar: input(1), descending: true, nullsFirst: false }];
  const sort: Plan = { kind: "sort", input: scan("points", "exp", "value", "ts"), keys, limit: undefined };
  const project: Plan = { kind: "project", input: sort, items: [input(1)] };
  assertEquals(planLines(optimize({ kind: "limit", input: project, offset: 2, count: 3 }, UNIQUE)), [
    "limit 3 from 2",
    "  project #0",
    "    sort by #0 desc, first 5",
    "      scan points (value), at most 5 by #0",
  ]);
});

Deno.test("optimize: a subquery of points is joined with experiments and runs as points are", () => {
  const points: Plan = {
    kind: "project",
    input: scan("points", "exp", "run", "value"),
    items: [input(2), input(1), input(0)],
  };
  const run: Plan = {
    kind: "join",
    join: "inner",
    left: points,
    right: scan("runs", "run", "exp", "status"),
    equal: [{ left: input(1), right: input(0) }],
    on: undefined,
  };
  const exp: Plan = {
    kind: "join",
    join: "inner",
    left: scan("experiments", "id", "kind"),
    right: { kind: "project", input: run, items: [input(0), input(4), input(5)] },
    equal: [{ left: input(0), right: input(1) }],
    on: undefined,
  };
  assertEquals(planLines(optimize({ kind: "project", input: exp, items: [input(1), input(2), input(4)] }, UNIQUE)), [
    "project #0, #1, #2",
    "  scan points (experiments.kind, value, runs.status)",
  ]);
});
