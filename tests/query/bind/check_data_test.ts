import type { JsonObject } from "../../../lib/base/json.ts";
import { bindQuery } from "../../../lib/query/bind/bind.ts";
import { checkParts, checkSeries, type KnownSeries } from "../../../lib/query/bind/check_data.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";

const OBJECTS: Readonly<Record<string, readonly JsonObject[]>> = {
  "experiments/params": [{ lr: 1, optimizer: { name: "adam" } }, { "a.b": 1 }],
  "runs/git": [{ commit: "1" }],
};
const SERIES = [{ series: "train/epoch/*:val_loss", key: "val_loss" }, { series: "e:acc", key: "acc" }];

function said(sql: string, series: readonly KnownSeries[] = SERIES): string {
  const bound = bindQuery(parseQuery(sql), sql);
  try {
    checkParts(bound, {
      objects: (table, family) => OBJECTS[`${table}/${family}`] ?? [],
      leaves: () => ["val_loss", "optimizer.lr"],
    });
    checkSeries(bound, () => series);
  } catch (error) {
    if (error instanceof QueryError) return `${error.position} ${error.message}`;
    throw error;
  }
  return "";
}

Deno.test("checkParts: a part that no row has is a mistake, where there are any", () => {
  assertEquals(said("SELECT params.lr, e.params.optimizer.name, params.optimizer FROM experiments e"), "");
  assertEquals(said('SELECT params.a.b, params."a.b" FROM experiments'), "");
  assertStringIncludes(
    said("SELECT params.lrr FROM experiments"),
    '7 Cannot find the column "params.lrr"; did you mean "params.lr"?',
  );
  assertStringIncludes(said("SELECT params.optimizer.nam FROM experiments"), 'did you mean "params.optimizer.name"?');
  assertStringIncludes(said("SELECT 1 FROM runs WHERE git.comit = 1"), '25 Cannot find the column "git.comit"');
  assertStringIncludes(said("SELECT data.val_lss FROM events"), 'did you mean "data.val_loss"?');
  assertEquals(said("SELECT data.optimizer FROM events"), "");
  // There is nothing of the kind: every name may be right.
  assertEquals(said("SELECT meta.owner FROM experiments"), "");
  assertEquals(said("WITH params AS (SELECT 1 AS x) SELECT params.x FROM params"), "");
});

Deno.test("checkSeries: a series that nobody logged is a mistake, wherever it is compared", () => {
  assertEquals(said("SELECT 1 FROM points WHERE key = 'val_loss' OR series = 'e:acc'"), "");
  assertStringIncludes(
    said("SELECT * FROM metrics WHERE key = 'val_los'"),
    '34 Cannot find the series "val_los"; did you mean "val_loss"?',
  );
  assertStringIncludes(said("SELECT 1 FROM points p WHERE 'e:ac' = p.series"), 'did you mean "e:acc"?');
  assertStringIncludes(said("SELECT 1 FROM points WHERE key IN ('acc', 'ac')"), '"ac"; did you mean "acc"?');
  assertStringIncludes(said("SELECT 1 FROM points JOIN metrics USING (key) WHERE key = 'x'"), 'the series "x"');
  assertStringIncludes(said('SELECT "min:los" FROM experiments'), 'the series "los"');
  assertEquals(said('SELECT "min:val_*", "last:acc", "max:e:acc" FROM experiments'), "");
  assertEquals(said("SELECT 1 FROM points WHERE key <> 'x' AND key NOT IN ('y') AND key LIKE 'z'"), "");
  // The key of another thing, and a repository in which nothing was logged yet.
  assertEquals(said("SELECT j.key FROM experiments, json_each(params) j WHERE j.key = 'lr' AND key = 'lr'"), "");
  assertEquals(said("SELECT 1 FROM points WHERE key = 'x'", []), "");
});
