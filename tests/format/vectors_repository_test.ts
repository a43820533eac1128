// The test vectors of what a repository holds: markers, definitions, how runs are doing, notes, ids.
import type { Json, JsonObject } from "../../lib/base/json.ts";
import { resumeId } from "../../lib/commands/record/resume.ts";
import type { ExperimentDefinition, RunDefinition } from "../../lib/format/definitions/definition.ts";
import { nextNoteTime } from "../../lib/format/events/note_times.ts";
import { attemptId } from "../../lib/repo/control/attempts.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { requestOf } from "../../lib/repo/control/requests.ts";
import { checkPortable } from "../../lib/repo/check/portable.ts";
import { LogReader } from "../../lib/repo/logs/log_reader.ts";
import { readNotes } from "../../lib/repo/logs/notes.ts";
import { openReader } from "../../lib/repo/open.ts";
import { readStatus } from "../../lib/repo/logs/run_status.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { assertSame, type Bytes, storeOf, vectors } from "./vectors.ts";

const MARKER = `{"dbx":1,"id":"0golden0repo1","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const EXPERIMENT = `{"id":"0resnet0exp01","createdAt":"2026-01-01T09:00:00.000Z"}`;

Deno.test("vectors: markers that are whole, damaged or refused", async () => {
  const markers = vectors<Bytes & { copy?: string; verdict: string; repository?: string | null }>("markers.json");
  const found = [];
  for (const { id: _, copy, ...bytes } of markers) {
    const store = await storeOf({ "dbx.json": bytes, ...copy !== undefined && { ".dbx/marker.json": copy } });
    try {
      const { markerProblem, id } = await openReader(store);
      found.push({ verdict: markerProblem === undefined ? "whole" : "damaged", repository: id ?? null });
    } catch {
      found.push({ verdict: "refused" });
    }
  }
  assertSame(found, markers, ({ verdict, repository }) => ({ verdict, repository }));
});

interface Definition extends Bytes {
  readonly of: "experiment" | "run";
  readonly verdict: string;
  readonly value?: Json;
}

Deno.test("vectors: v1 definitions", async () => {
  const definitions = vectors<Definition>("definitions.json");
  const found = [];
  for (const { of, text, hex } of definitions) {
    const bytes = text === undefined ? { hex } : { text };
    const run = "0resnet0exp01/runs/0resnet0run01/meta.json";
    const repository = await openReader(
      await storeOf({
        "dbx.json": MARKER,
        "0resnet0exp01/meta.json": of === "experiment" ? bytes : EXPERIMENT,
        ...of === "run" && { [run]: bytes },
      }),
    );
    const problems = (await Array.fromAsync(checkRepository(repository))).filter(({ kind }) => kind !== "moved");
    const [experiment] = await Array.fromAsync(repository.experiments());
    const definition = of === "experiment" ? experiment?.definition : (await experiment.runs())[0]?.definition;
    const verdict = problems.some(({ severity }) => severity === "damage")
      ? "damage"
      : problems.length > 0
      ? "note"
      : "fine";
    found.push({ verdict, value: definition && saying(definition) });
  }
  assertSame(found, definitions, ({ verdict, value }) => ({ verdict, value }));
});

interface OldDefinition {
  readonly path: string;
  readonly text: string;
  readonly value: { readonly experiment: JsonObject; readonly run: JsonObject } | null;
}

Deno.test("vectors: v0 definitions", async () => {
  const definitions = vectors<OldDefinition>("definitions-v0.json");
  const found = [];
  for (const { path, text } of definitions) {
    const log = path.replace(/[^/]*$/, "log.jsonl");
    const repository = await openReader(await storeOf({ [path]: text, [log]: "" }));
    const [experiment] = await Array.fromAsync(repository.experiments());
    const run = experiment?.runV0;
    found.push(run ? { experiment: saying(experiment.definition), run: saying(run) } : null);
  }
  assertSame(found, definitions, ({ value }) => value);
});

Deno.test("vectors: how runs are doing", async () => {
  const runs = vectors<{ logs: Record<string, string>; now: number; status: string }>("status.json");
  const found = [];
  for (const { logs, now } of runs) {
    const readers = await logsOf(logs);
    const others = readers.filter(({ name }) => name !== "dbx");
    const life = readers.find(({ name }) => name === "dbx") ?? new LogReader(new MemoryStore(), "run", "dbx");
    found.push((await readStatus(life, () => Promise.resolve(others), now)).status);
  }
  assertSame(found, runs, ({ status }) => status);
});

interface NotesVector {
  readonly logs: Record<string, string>;
  readonly value: { readonly tags: string[]; readonly runTags: Record<string, string[]> };
  readonly next: number;
}

Deno.test("vectors: notes of several copies, and the time of the next one", async () => {
  const all = vectors<NotesVector>("notes.json");
  const found = [];
  for (const { logs } of all) {
    const readers = await logsOf(logs);
    const { tags, runTags, notes, name = null, deleted } = await readNotes(readers);
    const times = await Promise.all(
      readers.map(async (log) => (await Array.fromAsync(log.read())).map(({ ts }) => ts)),
    );
    found.push({
      value: {
        tags: tags.toSorted(),
        runTags: Object.fromEntries([...runTags].map(([run, own]) => [run, own.toSorted()])),
        notes: notes.map(({ text, run }) => ({ text, ...run !== undefined && { run } })),
        name,
        deleted,
      },
      next: nextNoteTime(1000, times),
    });
  }
  assertSame(found, all, ({ value, next }) => ({ value: { ...value, tags: value.tags.toSorted() }, next }));
});

Deno.test("vectors: ids that follow from others", () => {
  const ids = vectors<{ run?: string; attempt?: number; repository?: string; name?: string; derived: string }>(
    "ids.json",
  );
  const found = [];
  for (const { run, attempt, repository, name } of ids) {
    found.push(run === undefined ? resumeId(repository!, name!) : attemptId(run, attempt!));
  }
  assertSame(found, ids, ({ derived }) => derived);
});

Deno.test("vectors: what is asked for in notes", () => {
  const all = vectors<{ data: JsonObject; command: string | null }>("requests.json");
  assertSame(
    all.map(({ data }) => requestOf(data, "0resnet0exp01", 1)?.command ?? null),
    all,
    ({ command }) => command,
  );
});

interface PortableVector {
  readonly paths: string[];
  readonly unportable: { readonly path: string; readonly systems: readonly string[] }[];
}

Deno.test("vectors: names that some systems cannot hold or keep apart", async () => {
  const all = vectors<PortableVector>("portable.json");
  const order = (list: PortableVector["unportable"]) =>
    list.map(({ path, systems }) => `${JSON.stringify(path)} ${systems}`).sort();
  const found = [];
  for (const { paths } of all) {
    const files = Object.fromEntries(paths.map((path) => [path, "{}"]));
    const problems = checkPortable(await openReader(await storeOf({ "dbx.json": MARKER, ...files })), {
      options: { portable: true },
      done: { experiments: 0, objects: 0 },
    });
    const said = (await Array.fromAsync(problems)).map(({ path, systems }) => ({ path, systems: systems! }));
    found.push(order(said));
  }
  assertSame(found, all, ({ unportable }) => order(unportable));
});

/** Logs by their names, in a folder. */
async function logsOf(logs: Readonly<Record<string, string>>): Promise<LogReader[]> {
  const file = (name: string) => name === "log" ? "run/log.jsonl" : `run/${name}.log.jsonl`;
  const store = await storeOf(Object.fromEntries(Object.entries(logs).map(([name, text]) => [file(name), text])));
  return Object.keys(logs).map((name) => new LogReader(store, "run", name));
}

/** A definition as vectors write it. */
function saying({ extra, createdAt, ...rest }: ExperimentDefinition | RunDefinition): object {
  return { ...rest, createdAt: Number.isNaN(createdAt) ? null : createdAt, own: extra };
}
