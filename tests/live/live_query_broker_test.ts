import { type LiveMessage, LiveQueryBroker } from "../../lib/live/live_query_broker.ts";
import { applyChanges } from "../../lib/live/diff.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

/** A repository of one list of rows. */
class World {
  rows: string[] = [];
  evaluations = 0;
  error: Error | undefined;
  readonly #listeners = new Set<() => void>();
  readonly hub = new LiveQueryBroker(async () => {
    this.evaluations++;
    const rows = [...this.rows];
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (this.error !== undefined) throw this.error;
    return { columns: ["x"], rows };
  }, {
    watch: (onChange, signal) => {
      this.#listeners.add(onChange);
      signal.addEventListener("abort", () => this.#listeners.delete(onChange));
    },
  }, { pauseMs: 1, restMs: 60_000, keepMs: 1000 });

  set(rows: string[]): void {
    this.rows = rows;
    for (const listener of this.#listeners) listener();
  }
}

function apply(rows: readonly string[], message: LiveMessage): readonly string[] {
  return message.type === "answer" ? message.rows : applyChanges(rows, message.changes);
}

Deno.test("LiveHub: equal queries share evaluations, slow followers get several changes as one, all end equal", async () => {
  const world = new World();
  world.set(["a"]);
  const controller = new AbortController();
  const { signal } = controller;
  const followers = Array.from({ length: 30 }, async (_, at) => {
    let rows: readonly string[] = [];
    let messages = 0;
    for await (const message of world.hub.follow({ asked: "q" }, { signal })) {
      messages++;
      rows = apply(rows, message);
      if (at === 0) await new Promise((resolve) => setTimeout(resolve, 50)); // A slow one.
      if (rows.at(-1) === "end") return { rows, messages };
    }
    return { rows, messages };
  });
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    world.set([...world.rows.slice(-20), `r${turn}`]);
  }
  world.set([...world.rows, "end"]);
  const ends = await Promise.all(followers);
  for (const { rows } of ends) assertEquals(rows, world.rows);
  assert(ends[0].messages < ends[1].messages, "the slow one was told less often");
  assert(world.evaluations <= 103, `${world.evaluations} evaluations`);
  assertEquals(world.hub.followers, 0);
  controller.abort();
  world.hub.close();
});

Deno.test("LiveHub: who comes back goes on from the version it has; an error reaches all, and the next asks anew", async () => {
  const world = new World();
  world.set(["a", "b"]);
  const first = world.hub.follow({ asked: "q" }, { signal: new AbortController().signal });
  const { value: answer } = await first.next();
  assertEquals(answer!.type, "answer");
  await first.return();
  world.set(["a", "b", "c"]);
  const again = world.hub.follow({ asked: "q" }, { signal: new AbortController().signal, after: answer!.version });
  const { value: change } = await again.next();
  assertEquals(change, { type: "changes", version: change!.version, changes: [{ at: 2, removed: 0, rows: ["c"] }] });
  world.error = new Error("gone");
  world.set(["d"]);
  await assertRejects(() => again.next(), Error, "gone");
  world.error = undefined;
  const third = world.hub.follow({ asked: "q" }, { signal: new AbortController().signal, after: "of-old" });
  assertEquals((await third.next()).value!.type, "answer");
  await third.return();
  world.hub.close();
});
