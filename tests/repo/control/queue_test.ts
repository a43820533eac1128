import { newId } from "../../../lib/base/ids.ts";
import { isId } from "../../../lib/base/ids.ts";
import { claimLine, expiredLine, writeFirstLine } from "../../../lib/cli/repository/claims.ts";
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { attemptId, CLAIM_MS, MAX_ATTEMPTS } from "../../../lib/repo/control/attempts.ts";
import { COMMAND_EVENT } from "../../../lib/repo/control/requests.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { type QueueItem, readQueue } from "../../../lib/repo/control/queue.ts";
import type { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";

/** A repository with one start that is asked for. */
async function queued(
  path: string,
  cmd: readonly string[],
): Promise<{ store: LocalStore; folder: string; id: string; run: string }> {
  const store = (await initRepository(path)).repository.store as LocalStore;
  const { folder } = await createExperiment(store, { kind: "k" });
  const [id, run] = [newId(), newId()];
  await appendNote(store, folder, COMMAND_EVENT, { command: "start", id, run, cmd });
  return { store, folder, id, run };
}

async function item(path: string, now: number): Promise<QueueItem> {
  const queue = await readQueue(await openReader(path), now);
  assertEquals(queue.length, 1);
  return queue[0];
}

Deno.test("attemptId: the run's own id first, then others that everybody finds", { permissions: "none" }, () => {
  const ids = [0, 1, 2, 3].map((attempt) => attemptId("0123456789abc", attempt));
  assertEquals(ids[0], "0123456789abc");
  assert(ids.every(isId) && new Set(ids).size === 4);
  assertEquals(ids, [0, 1, 2, 3].map((attempt) => attemptId("0123456789abc", attempt)));
});

Deno.test("readQueue: a claim whose claimer died expires, and the start is offered again under another run [F59]", async () => {
  await using folder = await scratch();
  const { store, folder: experiment, run } = await queued(folder.path, ["true"]);
  const now = Date.now();
  assertEquals((await item(folder.path, now)).state, "queued");
  // The claimer makes the run and dies.
  const made = await createRun(store, experiment, { id: run });
  assertEquals((await item(folder.path, now + CLAIM_MS - 60_000)).state, "claimed");
  const expired = await item(folder.path, now + CLAIM_MS + 60_000);
  assertEquals([expired.state, expired.attempt, expired.request.run], ["expired", 0, run]);
  assert(writeFirstLine(store, made.folder, expiredLine("agent", now)));
  assert(!writeFirstLine(store, made.folder, expiredLine("another", now)), "one agent offers it again");
  assert(!writeFirstLine(store, made.folder, claimLine(newId(), now)), "a claimer that only slept does not start it");
  const again = await item(folder.path, now);
  assertEquals([again.state, again.attempt, again.request.run], ["queued", 1, attemptId(run, 1)]);
  const [first] = await (await openReader(folder.path)).findExperiment(experiment).then((found) => found.runs());
  assertEquals((await first.status(now)).status, "lost");
});

Deno.test("readQueue: what may have begun is not offered again", async () => {
  for (const begin of ["claim", "output"] as const) {
    await using folder = await scratch();
    const { store, folder: experiment, run } = await queued(folder.path, ["true"]);
    const made = await createRun(store, experiment, { id: run });
    const later = Date.now() + 100 * CLAIM_MS;
    if (begin === "claim") {
      assert(writeFirstLine(store, made.folder, claimLine(newId(), Date.now())));
      assert(!writeFirstLine(store, made.folder, expiredLine("agent", later)));
      assertEquals((await item(folder.path, later)).state, "lost");
    } else {
      await Deno.writeTextFile(store.path(`${made.folder}/log.jsonl`), '{"event":"x","ts":1}\n');
      assertEquals((await item(folder.path, later)).state, "lost");
    }
  }
});

Deno.test("readQueue: a start that kills every claimer is given up in the end", async () => {
  await using folder = await scratch();
  const { store, folder: experiment, run } = await queued(folder.path, ["true"]);
  const later = Date.now() + 2 * CLAIM_MS;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    assertEquals((await item(folder.path, later)).attempt, attempt);
    const made = await createRun(store, experiment, { id: attemptId(run, attempt) });
    assertEquals((await item(folder.path, later)).state, "expired");
    writeFirstLine(store, made.folder, expiredLine("agent", later));
  }
  const { state, attempt } = await item(folder.path, later);
  assertEquals([state, attempt], ["expired", MAX_ATTEMPTS - 1]);
});

for (const where of ["folder", "server"] as const) {
  Deno.test(`dbx agent: two of them start what a dead agent had claimed, once, over a ${where} [F59] [slow]`, async () => {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    const { store, folder: experiment, id, run } = await queued(path, ["sh", "-c", `echo $$ >> ${folder.path}/job`]);
    const createdAt = Date.now() - 2 * CLAIM_MS;
    await createRun(store, experiment, { id: run, createdAt, extra: { agent: "here", claim: newId() } });
    const server = where === "server" ? await serve(path) : undefined;
    try {
      const repo = server?.url ?? path;
      const env = { DBX_SPOOL: `${folder.path}/spool` };
      const states = async () => {
        const { stdout, stderr } = await dbx(["queue", "ls", "--all", "--json", "-R", repo], { env });
        return JSON.parse(stdout || stderr).map(({ state, attempt }: QueueItem) => [state, attempt]);
      };
      assertEquals(await states(), [["expired", 0]]);
      const agent = () =>
        dbx(["agent", "--once", "--name", "here", "--interval", "0.1", "--allow", "sh **", "-R", repo, "--jsonl"], {
          env,
        });
      const said = await Promise.all([agent(), agent()]);
      const lines = said.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line.includes(id)));
      assertEquals(lines.filter((line) => line.includes('"expired"')).length, 1, lines.join("\n"));
      assertEquals((await Deno.readTextFile(`${folder.path}/job`)).split("\n").length, 2, "it ran once");
      assertEquals(await states(), [["finished", 1]]);
    } finally {
      await server?.close();
    }
    assertEquals((await dbx(["check", "-R", path])).code, 0);
  });
}

async function serve(path: string): Promise<{ url: string; close(): Promise<void> }> {
  const child = spawn(["serve", "--create", "-R", path, "--listen", "127.0.0.1:0", "--quiet"]);
  await child.stdin.close();
  let text = "";
  const readers = [child.stdout, child.stderr].map((stream) => stream.pipeThrough(new TextDecoderStream()).getReader());
  const { promise, resolve } = Promise.withResolvers<string>();
  const reading = readers.map(async (reader) => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    }
  });
  const url = await promise;
  return {
    url,
    async close() {
      child.kill("SIGINT");
      await Promise.all([child.status, ...reading]);
    },
  };
}
