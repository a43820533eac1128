import { dropUnsent } from "../../../lib/client/spool/large_objects.ts";
import { RemoteRepository } from "../../../lib/client/remote_repository.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals } from "../../assert.ts";
import { serve } from "../../server/world.ts";

/** Bytes of the object, and milliseconds that each body of some MiB takes on its way. */
const [SIZE, SLOW_MS] = [60 * 1024 * 1024, 700];

Deno.test("spool: while a large object is on its way, events arrive; the end waits as long as it comes further [slow]", async () => {
  await using server = await serve();
  await initRepository(server.path);
  const bodies: number[] = [];
  const repository = await RemoteRepository.open(server.url, {
    spool: `${server.beside}/spool`,
    onMessage() {},
    async transport(request) {
      if (request.url.endsWith("/sync/take")) {
        bodies.push((await request.clone().arrayBuffer()).byteLength);
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      }
      return await fetch(request);
    },
  });
  const experiment = await repository.experiment({ kind: "k" });
  const run = await experiment.run({ git: false, env: false });
  await run.file("model.bin", new Uint8Array(SIZE).map((_, at) => at >> 12));
  const eventsThere = async () => {
    const found = await (await openReader(server.path)).findRun(run.id).catch(() => undefined);
    return found === undefined ? 0 : (await Array.fromAsync(found.log("log").read())).length;
  };
  const objects = async () => {
    const folder = Deno.readDir(`${server.path}/objects`);
    return (await Array.fromAsync(folder).catch(() => [])).length;
  };
  // Of an object of ten bodies, no more than some are sent before events have their turn.
  let logged = 0;
  for (const end = Date.now() + 60_000; bodies.length < 3 && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  run.log("step", { n: logged++ });
  for (const end = Date.now() + 60_000; await eventsThere() < 2 && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals([await eventsThere(), await objects()], [2, 0], "the event waited for the object");
  await run.finish();
  // That is less than the rest takes.
  assert(await repository.close(5000), "the end did not wait for an object that was on its way");
  assertEquals(await objects(), 1);
  assert(Math.max(...bodies) < 8 * 1024 * 1024, `${bodies}`);
});

Deno.test("spool: a large object that is dropped before it was sent is not sent, and the rest is", async () => {
  await using server = await serve();
  await initRepository(server.path);
  let isDown = true;
  const repository = await RemoteRepository.open(server.url, {
    spool: `${server.beside}/spool`,
    onMessage() {},
    transport(request) {
      return isDown && request.url.includes("/sync/") ? Promise.reject(new TypeError("refused")) : fetch(request);
    },
  });
  const experiment = await repository.experiment({ kind: "k" });
  const run = await experiment.run({ git: false, env: false });
  const [gone, kept] = await Promise.all([1, 2].map((byte) => {
    return run.file(`${byte}.bin`, new Uint8Array(6 * 1024 * 1024).fill(byte));
  }));
  dropUnsent(run.store, String(gone.sha256));
  isDown = false;
  await run.finish();
  assert(await repository.close(60_000), "not all was sent");
  const shelves = await Array.fromAsync(Deno.readDir(`${server.path}/objects`));
  assertEquals(shelves.map(({ name }) => name), [String(kept.sha256).slice(0, 2)]);
});
