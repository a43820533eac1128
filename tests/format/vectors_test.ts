// The test vectors of the format, by the functions that read it. Lines and logs: see vectors_logs_test.ts.
import { repositoryFiles, vectorFiles } from "../../scripts/make_vectors.ts";
import type { Json } from "../../lib/base/json.ts";
import { isId, isIdV0 } from "../../lib/base/ids.ts";
import { checkEventName } from "../../lib/format/events/event_name.ts";
import { parseEvent } from "../../lib/format/events/parse_event.ts";
import { readTime } from "../../lib/format/json/fields.ts";
import { checkExperimentName, checkLogName } from "../../lib/format/layout/names.ts";
import { parsePath } from "../../lib/format/layout/parse_path.ts";
import { seriesOf } from "../../lib/format/events/series_key.ts";
import { encodeSpecialNumber, isSha256 } from "../../lib/format/json/special_values.ts";
import { purgedId } from "../../lib/format/layout/tombstone.ts";
import { assert, assertEquals } from "../assert.ts";
import { assertSame, VECTORS, vectors } from "./vectors.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: { read: [VECTORS] }, fn });
}

test("vectors: what the script makes is what is committed", () => {
  for (const [name, text] of vectorFiles()) {
    assertEquals(Deno.readTextFileSync(new URL(name, VECTORS)), text, `${name}: run "deno task vectors"`);
  }
});

Deno.test("vectors: what dbx answers of whole repositories is what is committed", async () => {
  const files = await repositoryFiles();
  for (const [name, text] of files) {
    assertEquals(JSON.parse(text), JSON.parse(Deno.readTextFileSync(new URL(name, VECTORS))), name);
  }
  assertEquals(jsonIn("repositories/"), [...files.keys()].sort());
});

test("vectors: README.md says of each file how to read it", () => {
  const readme = Deno.readTextFileSync(new URL("README.md", VECTORS));
  assertEquals(jsonIn(""), [...vectorFiles().keys()].sort());
  assertEquals([...readme.matchAll(/^\| `([\w-]+\.json)` \|/gm)].map((match) => match[1]).sort(), jsonIn(""));
});

/** The files of a folder, by their paths. */
function jsonIn(folder: string): string[] {
  const names = Array.from(Deno.readDirSync(new URL(folder, VECTORS)), ({ name }) => name);
  return names.filter((name) => name.endsWith(".json")).map((name) => folder + name).sort();
}

test("vectors: there are enough lines", () => assert(vectors("lines.json").length >= 200));

test("vectors: times of definitions", () => {
  const times = vectors<{ value: Json; ms: number | null }>("times.json");
  assertSame(times.map(({ value }) => readTime(value) ?? null), times, ({ ms }) => ms);
});

const VALID: Readonly<Record<string, (name: string) => boolean>> = {
  experiment: (name) => passes(() => checkExperimentName(name)),
  log: (name) => passes(() => checkLogName(name)),
  event: (name) => passes(() => checkEventName(name)),
  id: isId,
  "id-of-version-0": isIdV0,
  hash: isSha256,
};

test("vectors: names that a writer takes or refuses, ids and hashes", () => {
  const names = vectors<{ of: string; name: string; valid: boolean }>("names.json");
  assertSame(names.map(({ of, name }) => VALID[of](name)), names, ({ valid }) => valid);
});

test("vectors: what the file of a path is", () => {
  const places = vectors<{ path: string; place: unknown }>("places.json");
  assertSame(places.map(({ path }) => whatIs(path)), places, ({ place }) => place);
});

test("vectors: points of series", () => {
  const logs = vectors<{ lines: string[]; points: { series: string }[] }>("series.json");
  const sorted = (points: readonly { series: string }[]) => points.toSorted((a, b) => a.series < b.series ? -1 : 1);
  assertSame(logs.map(({ lines }) => sorted(pointsOf(lines))), logs, ({ points }) => sorted(points));
});

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function whatIs(path: string): Record<string, string> | null {
  const of = purgedId(path);
  const place = of === undefined ? parsePath(path) : undefined;
  if (of !== undefined) return { what: "tombstone", of };
  switch (place?.kind) {
    case undefined:
      return null;
    case "marker":
    case "object":
      return { what: place!.kind };
    case "experiment":
      return { what: "experiment", experiment: place.experiment };
    case "run":
      return { what: "run", experiment: place.experiment, run: place.run };
    case "log":
      return { what: "log", experiment: place.experiment, run: place.run, log: place.log };
    case "notes":
      return { what: "notes", experiment: place.experiment, replica: place.replica };
    case "old":
      return { what: `old ${place.what}`, experiment: place.experiment };
  }
}

function pointsOf(lines: readonly string[]): { series: string }[] {
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    if (!passes(() => parseEvent(line))) return [];
    return seriesOf(parseEvent(line)).map(({ key, step, coordinates, value }) => {
      const before = counts.get(key) ?? 0;
      counts.set(key, before + 1);
      const said = Number.isFinite(value) ? value : encodeSpecialNumber(value);
      return { series: key, step: step ?? before, coordinates, value: said };
    });
  });
}
