import { DamageError, UsageError, VersionError } from "../../../lib/base/errors.ts";
import {
  type ExperimentDefinition,
  parseExperiment,
  parseRepositoryConfig,
  parseRun,
  parseV0,
  type RunDefinition,
  serializeExperiment,
  serializeRepositoryConfig,
  serializeRun,
} from "../../../lib/format/definitions/definition.ts";
import { expfile, isExpfile, isRefFile, reffile } from "../../../lib/format/json/special_values.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { Random } from "../random.ts";

const ID = "0123456789abc";
const SHA = "0".repeat(64);
const ISO = "2026-01-01T09:00:00.000Z";
const MS = Date.parse(ISO);

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("serializeExperiment: indented JSON, keys in order, a line feed at the end", () => {
  const text = serializeExperiment({
    id: ID,
    kind: "k",
    name: "a/b",
    params: { lr: 1 },
    createdAt: MS,
    extra: { x: 2 },
  });
  assertEquals(
    text,
    `{\n  "id": "${ID}",\n  "kind": "k",\n  "name": "a/b",\n  "params": {\n    "lr": 1\n  },\n  "createdAt": "${ISO}",\n  "x": 2\n}\n`,
  );
});

test("definitions: parsing what was serialized gives the same, for random params and custom keys", () => {
  const random = new Random(6);
  const known = ["id", "kind", "name", "params", "createdAt", "cmd", "pwd", "script", "hostname", "env", "git"];
  for (let i = 0; i < 500; i++) {
    const extra = random.json();
    if (known.some((key) => Object.hasOwn(extra, key))) continue;
    const experiment: ExperimentDefinition = {
      id: ID,
      kind: random.text(),
      name: random.text(),
      params: random.json(),
      createdAt: MS + i,
      extra,
    };
    assertEquals(parseExperiment(serializeExperiment(experiment), { path: "p" }), experiment);
    const run: RunDefinition = { id: ID, createdAt: MS - i, extra };
    if (i % 2 === 0) Object.assign(run, { cmd: [random.text()], pwd: random.text(), env: { A: random.text() } });
    if (i % 3 === 0) Object.assign(run, { script: "s", hostname: random.text(), git: random.json() });
    assertEquals(parseRun(serializeRun(run), { path: "p" }), run);
  }
});

test("serializeExperiment encodes values, and refuses custom keys that dbx uses itself [F28]", () => {
  const base = { id: ID, kind: "", name: "", params: {}, createdAt: MS, extra: {} };
  const text = serializeExperiment({ ...base, params: { clip: Infinity as never } });
  assertEquals(JSON.parse(text).params, { clip: { _dbx: "inf" } });
  assertThrows(() => serializeExperiment({ ...base, extra: { kind: "x" } }), UsageError, '"kind"');
  assertThrows(() => serializeRun({ id: ID, createdAt: MS, extra: { env: 1 } }), UsageError, '"env"');
  assertThrows(() => serializeExperiment({ ...base, createdAt: NaN }), UsageError, "time");
});

const BROKEN: readonly [text: string, reason: string][] = [
  ["", "not JSON"],
  ['{"id":', "not JSON"],
  ["[]", "not a JSON object"],
  ["{}", '"id"'],
  ['{"id":5}', '"id"'],
  ['{"id":"../../../etc"}', '"id"'],
  [`{"id":"${ID}"}`, '"createdAt"'],
  [`{"id":"${ID}","createdAt":"yesterday"}`, '"createdAt"'],
  [`{"id":"${ID}","createdAt":"2026-13-01"}`, '"createdAt"'],
];

test("parseExperiment and parseRun say what is damaged, and in which file", () => {
  const more: typeof BROKEN = [
    [`{"id":"${ID}","createdAt":"${ISO}","kind":1}`, '"kind" is not a text'],
    [`{"id":"${ID}","createdAt":"${ISO}","params":[]}`, '"params" is not an object'],
  ];
  const runs: typeof BROKEN = [
    [`{"id":"${ID}","createdAt":"${ISO}","cmd":"x"}`, '"cmd" is not a list of texts'],
    [`{"id":"${ID}","createdAt":"${ISO}","env":{"A":1}}`, '"env" is not an object of texts'],
  ];
  for (const [text, reason] of [...BROKEN, ...more]) {
    const error = assertThrows(() => parseExperiment(text, { path: "x/meta.json" }), DamageError, reason);
    assertEquals(error.place.path, "x/meta.json");
  }
  for (const [text, reason] of [...BROKEN, ...runs]) {
    assertThrows(() => parseRun(text, { path: "x/meta.json" }), DamageError, reason);
  }
});

test("parseRun takes times as ISO 8601 or milliseconds, and null for absent", () => {
  const at = (createdAt: unknown) =>
    parseRun(JSON.stringify({ id: ID, createdAt, env: null, pwd: null }), { path: "p" });
  assertEquals(at(MS), { id: ID, createdAt: MS, extra: {} });
  assertEquals(at("2026-01-01T10:00:00+01:00").createdAt, MS);
  assertEquals(at("2026-01-01 09:00:00.000").createdAt, MS);
});

test("serializeRepositoryConfig and parseRepositoryConfig are inverse", () => {
  const text = serializeRepositoryConfig({ id: ID, createdAt: MS });
  assertEquals(text, `{"dbx":1,"id":"${ID}","createdAt":"${ISO}"}\n`);
  assertEquals(parseRepositoryConfig(text), { version: 1, id: ID, createdAt: MS });
});

test("parseRepositoryConfig refuses an unknown version, and damage", () => {
  assertThrows(() => parseRepositoryConfig('{"dbx":2,"shape":"unknown"}'), VersionError, "says version 2");
  for (const text of ["", "[]", "{}", '{"dbx":"1"}', '{"dbx":1}', '{"dbx":1,"id":"A"}', `{"dbx":1,"id":"${ID}"}`]) {
    assertThrows(() => parseRepositoryConfig(text), DamageError, "dbx.json");
  }
});

test("parseV0 keeps what it does not know, and takes nothing for damage but broken JSON", () => {
  const path = `a/b/${ID}/meta.json`;
  assertEquals(parseV0("{}", { path, id: ID, createdAt: 5 }), {
    experiment: { id: ID, kind: "", name: "a/b", params: {}, createdAt: 5, extra: {} },
    run: { id: ID, createdAt: 5, extra: {} },
  });
  assertEquals(parseV0("{}", { path, id: ID }).experiment.createdAt, NaN);
  const odd = { id: "other", kind: 3, params: "x", cmd: 7, env: { A: 1 }, createdAt: 1767258000.5, mine: [1] };
  const { experiment, run } = parseV0(JSON.stringify(odd), { path, id: ID });
  assertEquals(experiment, {
    id: ID,
    kind: "",
    name: "a/b",
    params: {},
    createdAt: MS + 500,
    extra: { kind: 3, params: "x", mine: [1] },
  });
  assertEquals(run, { id: ID, createdAt: MS + 500, extra: { cmd: 7, env: { A: 1 } } });
  assertThrows(() => parseV0("{", { path, id: ID }), DamageError, path);
});

test("expfile and reffile are recognised, and nothing else is", () => {
  const file = expfile({ exp: ID, name: "a/b", sha256: SHA });
  const ref = reffile({ path: "/x", hostname: "h", sha256: SHA });
  assert(isExpfile(file) && isRefFile(ref));
  assertEquals(Object.keys(file), ["_dbx", "exp", "name", "sha256"]);
  for (const value of [null, 1, [], {}, ref, { ...file, sha256: "../x" }, { ...file, name: 1 }]) {
    assert(!isExpfile(value));
  }
  for (const value of [null, "x", file, { ...ref, sha256: undefined }, { ...ref, path: 1 }]) assert(!isRefFile(value));
});

Deno.test("serializeExperiment: writes times of four-digit years, and refuses others [F20]", () => {
  const of = (createdAt: number) => ({ id: "0exp000000001", kind: "", name: "", params: {}, createdAt, extra: {} });
  const written = (createdAt: number) => JSON.parse(serializeExperiment(of(createdAt))).createdAt;
  assertEquals(written(0), "1970-01-01T00:00:00.000Z");
  assertEquals(written(253402300799999), "9999-12-31T23:59:59.999Z");
  for (const createdAt of [253402300800000, -62167219200001, NaN, 1e300]) {
    assertThrows(() => serializeExperiment(of(createdAt)), UsageError, "years 0 to 9999");
  }
});
