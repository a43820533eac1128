// The lines and logs of tests/vectors in a repository, as readers and a check find them.
import { checkRepository } from "../../lib/repo/check/check.ts";
import type { ReadEvent } from "../../lib/repo/logs/event_source.ts";
import { initRepository } from "../../lib/repo/open.ts";
import type { Problem } from "../../lib/repo/problems/problem.ts";
import { scratch } from "../e2e/dbx.ts";
import { assertSame, type Bytes, bytesOf, plain, vectors } from "./vectors.ts";

interface Line extends Bytes {
  readonly version?: 0;
  readonly log?: string;
  readonly verdict: string;
  readonly value?: unknown;
}

interface Log extends Bytes {
  readonly lines: readonly { line: number; offset: number; verdict: string; event?: string }[];
  readonly torn: number;
}

const TIME = `"createdAt":"2026-01-01T00:00:00.000Z"`;
const EXPERIMENT = "0000000000exp";

/** What was read of one log. */
interface Found {
  readonly events: ReadEvent[];
  readonly problems: Problem[];
}

/** Reads each log in a run of its own, or a v0 experiment. */
async function read(logs: readonly (Bytes & { version?: 0; log?: string })[]): Promise<Found[]> {
  await using folder = await scratch();
  const { repository } = await initRepository(folder.path);
  const write = async (name: string, bytes: Uint8Array) => {
    const path = `${folder.path}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(path, bytes);
  };
  const definition = (id: string) => bytesOf({ text: `{"id":"${id}",${TIME}}\n` });
  await write(`${EXPERIMENT}/meta.json`, definition(EXPERIMENT));
  const found = new Map<string, Found>();
  for (const [at, log] of logs.entries()) {
    const id = String(at).padStart(13, "0");
    const inside = log.version === 0 ? id : `${EXPERIMENT}/runs/${id}`;
    const file = `${inside}/${log.log === undefined ? "log.jsonl" : `${log.log}.log.jsonl`}`;
    await write(`${inside}/meta.json`, definition(id));
    await write(file, bytesOf(log));
    found.set(file, { events: [], problems: [] });
  }
  for await (const experiment of repository.experiments()) {
    for (const run of await experiment.runs()) {
      for (const name of await run.logs()) {
        for await (const event of run.log(name).read()) found.get(run.log(name).file)!.events.push(event);
      }
    }
  }
  for await (const problem of checkRepository(repository)) {
    if (problem.kind !== "missing-object") found.get(problem.path)!.problems.push(problem);
  }
  return [...found.values()];
}

Deno.test("vectors: every line of a log has its verdict and its value", async () => {
  const lines = vectors<Line>("lines.json");
  const found = (await read(lines)).map(({ events: [event, ...others], problems }) => ({
    verdict: verdictOf(problems, event === undefined ? 0 : 1 + others.length),
    value: event && { event: event.event, ts: event.ts ?? null, data: plain(event.data) },
  }));
  assertSame(found, lines, ({ verdict, value }) => ({ verdict, value }));
});

Deno.test("vectors: every log has its lines, where they are, and its torn tail", async () => {
  const logs = vectors<Log>("logs.json");
  const found = (await read(logs)).map(({ events, problems }, at) => {
    const size = bytesOf(logs[at]).length;
    const all = [
      ...events.map(({ line, offset, event }) => ({ line, offset, event })),
      ...problems.filter(({ kind }) => kind === "bad-line").map(({ line, offset }) => ({ line, offset })),
    ].sort((a, b) => a.offset! - b.offset!);
    const said = all.map((one) => {
      const verdict = verdictOf(problems.filter(({ line }) => line === one.line), "event" in one ? 1 : 0);
      return { line: one.line, offset: one.offset, verdict, ..."event" in one && { event: one.event } };
    });
    const tail = problems.find(({ kind }) => kind === "torn-tail");
    return { lines: said, torn: tail === undefined ? 0 : size - tail.offset! };
  });
  assertSame(found, logs, ({ lines, torn }) => ({ lines, torn }));
});

function verdictOf(problems: readonly Problem[], events: number): string {
  const kinds = problems.map(({ kind }) => kind).filter((kind) => kind !== "torn-tail");
  if (kinds.length > 1 || events > 1) return `more than one: ${kinds}`;
  if (kinds[0] === "bad-line" && events === 0) return "damage";
  if (kinds[0] === "irregular-line" && events === 1) return "note";
  return kinds.length > 0 ? `${kinds}` : events === 1 ? "event" : "nothing";
}
