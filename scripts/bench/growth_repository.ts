import { createHash } from "node:crypto";

/** What a repository of the growth benchmark holds, written as plain files, as any program may write them. */
export interface GrowthShape {
  readonly experiments: number;
  /** Events of the log of each run. */
  readonly events: number;
  /** Whether runs say that they started and ended, as those of `dbx run` do. */
  readonly lives: boolean;
  /** Whether they say what their files hold, as those of `dbx run` do too. Default false. */
  readonly seals?: boolean;
}

/** Makes a repository at an absolute path: one run an experiment, numbers that fall and rise by chance. */
export function makeGrowthRepository(path: string, { experiments, events, lives, seals = false }: GrowthShape): void {
  const json = (value: unknown) => JSON.stringify(value) + "\n";
  Deno.mkdirSync(`${path}/.dbx`, { recursive: true });
  Deno.writeTextFileSync(`${path}/dbx.json`, json({ dbx: 1, id: "growthgrowth1", createdAt: "2026-01-01T00:00:00Z" }));
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  const cmd = ["python", "train.py"];
  for (let e = 0; e < experiments; e++) {
    const exp = experimentId(e), run = runId(e);
    const folder = `${path}/${exp}/runs/${run}`;
    Deno.mkdirSync(folder, { recursive: true });
    const at = 1.7e12 + e * 60_000;
    const createdAt = new Date(at).toISOString();
    const params = { lr: 10 ** -(1 + e % 5), seed: e % 40, model: `net-${e % 7}`, batch: 32 << (e % 4) };
    const kind = e % 10 === 0 ? "eval" : "train";
    Deno.writeTextFileSync(`${path}/${exp}/meta.json`, json({ id: exp, kind, name: "", params, createdAt }));
    Deno.writeTextFileSync(`${folder}/meta.json`, json({ id: run, createdAt, cmd, hostname: `host-${e % 9}` }));
    let lines = "";
    let loss = 2 + random();
    for (let step = 0; step < events; step++) {
      loss *= 0.8 + random() / 10;
      const data = { step, loss, accuracy: 1 - loss / 4 };
      lines += json({ event: `train/step`, ts: at + 1000 + step * 1000, ...data });
    }
    Deno.writeTextFileSync(`${folder}/log.jsonl`, lines);
    if (!lives) continue;
    const durationMs = 1000 * (events + 2);
    const end = { status: e % 20 === 3 ? "failed" : "finished", exitCode: e % 20 === 3 ? 1 : 0, durationMs };
    const start = json({ event: "dbx/start", ts: at, pid: 1, heartbeat: 30 });
    const last = { event: "dbx/end", ts: at + durationMs, ...end };
    const life = seals ? sealedLife(start, lines, last) : start + json(last);
    Deno.writeTextFileSync(`${folder}/dbx.log.jsonl`, life);
  }
}

/** A life log with a seal of the log of a run, and with an end that seals itself. */
function sealedLife(start: string, lines: string, end: object): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const seal = { event: "dbx/seal", ts: 0, log: "log", size: lines.length, sha256: hash(lines) };
  const head = start + JSON.stringify(seal) + "\n" + JSON.stringify(end).slice(0, -1);
  return `${head},"sha256":"${hash(head)}"}\n`;
}

/** The id of an experiment by its number. */
export function experimentId(number: number): string {
  return scattered(number, 2654435761) + "e";
}

/** The id of its run. */
export function runId(number: number): string {
  return scattered(number, 2246822519) + "r";
}

/** Twelve characters that begin in many ways, and differ for each number. */
function scattered(number: number, factor: number): string {
  const head = (Math.imul(number + 1, factor) >>> 0).toString(36).padStart(7, "0");
  return head + number.toString(36).padStart(5, "0");
}
