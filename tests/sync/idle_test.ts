// How often a watch asks a server when nothing happens, and how soon it notices when something does.
import { initRepository } from "../../lib/repo/open.ts";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { watch } from "../../lib/sync/watch.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const LOG = "0000000000exp/runs/0000000000run/log.jsonl";
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function make(path: string): Promise<LocalStore> {
  await initRepository(path);
  const store = new LocalStore(path);
  const time = `"createdAt":"2026-01-01T09:00:00.000Z"`;
  await store.create("0000000000exp/meta.json", encode(`{"id":"0000000000exp",${time}}`));
  await store.create("0000000000exp/runs/0000000000run/meta.json", encode(`{"id":"0000000000run",${time}}`));
  await store.append(LOG, 0, encode(`{"event":"a"}\n`));
  return store;
}

/** Milliseconds until a file holds a text. */
async function until(path: string, text: string): Promise<number> {
  const from = performance.now();
  while (!await Deno.readTextFile(path).then((all) => all.includes(text), () => false)) {
    if (performance.now() - from > 20_000) throw new Error(`"${text}" does not come`);
    await sleep(5);
  }
  return performance.now() - from;
}

/**
 * Waits until several looks at what is near bring no further question, and the last one, if the server is asked for news,
 * may take several seconds.
 */
async function idle(asked: readonly number[], asksForNews: boolean): Promise<void> {
  const from = performance.now();
  for (let length = -1; length !== asked.length || (asksForNews && asked.at(-1)! < 5); await sleep(800)) {
    if (performance.now() - from > 20_000) throw new Error(`it goes on to ask: ${asked}`);
    length = asked.length;
  }
}

for (const direction of ["push", "pull", "both"] as const) {
  Deno.test(`watch, ${direction}: an idle one asks at most once in several seconds, and news is there within a second [S12] [slow]`, async () => {
    await using folder = await scratch();
    const [near, far] = [`${folder.path}/near`, `${folder.path}/far`];
    await make(direction === "pull" ? far : near);
    await Deno.mkdir(direction === "pull" ? near : far, { recursive: true });
    const controller = new AbortController();
    const { promise, resolve: onListen } = Promise.withResolvers<string>();
    using app = new App({ repositories: [{ name: "r", store: new LocalStore(far) }], hosts: ["127.0.0.1"] });
    const served = serveHttp(app.handle, { signal: controller.signal, onListen });
    const url = await promise;
    // Of each request, how many seconds the server may take to say that nothing has changed.
    const asked: number[] = [];
    const client = Deno.createHttpClient({});
    const peer = new RemoteStore({
      location: url,
      base: url,
      async transport(request) {
        const isQuestion = new URL(request.url).pathname.endsWith("/inventory");
        asked.push(isQuestion ? (await request.clone().json()).wait ?? 0 : 0);
        return await fetch(request, { client });
      },
    });
    const own = new LocalStore(near);
    const options = { signal: controller.signal, direction: direction === "both" ? "both" as const : "push" as const };
    const watching = direction === "pull" ? watch(peer, own, options) : watch(own, peer, options);
    const [from, to] = direction === "pull" ? [far, near] : [near, far];
    await until(`${to}/${LOG}`, "a");
    await idle(asked, direction !== "push");
    for (const [source, target] of direction === "both" ? [[from, to], [to, from]] : [[from, to]]) {
      for (let turn = 0; turn < 2; turn++) {
        const text = `${source === from ? "n" : "m"}${turn}`;
        await Deno.writeTextFile(`${source}/${LOG}`, `{"event":"${text}"}\n`, { append: true });
        const ms = await until(`${target}/${LOG}`, text);
        assert(ms < 3000, `${text} came after ${ms} ms`);
      }
      await idle(asked, direction !== "push"); // Nobody writes a log in two copies at once.
    }
    assertEquals(await Deno.readTextFile(`${near}/${LOG}`), await Deno.readTextFile(`${far}/${LOG}`));
    controller.abort();
    await watching;
    client.close();
    await served;
  });
}

Deno.test("watch: a server that does not know how to wait is asked no more than once in 5 seconds [S12]", async () => {
  await using folder = await scratch();
  const [near, far] = [`${folder.path}/near`, `${folder.path}/far`];
  await make(far);
  await Deno.mkdir(near);
  const routes = storeRoutes(new LocalStore(far));
  let asked = 0;
  const peer = new RemoteStore({
    location: "the server",
    base: "http://server",
    async transport(request) {
      asked++;
      const { wait: _, ...question } = request.url.endsWith("/inventory") ? await request.json() : {};
      return await routes(
        request.url.endsWith("/inventory")
          ? new Request(request.url, {
            method: "POST",
            body: JSON.stringify(question),
            headers: { "dbx-protocol": "1" },
          })
          : request,
      );
    },
  });
  const controller = new AbortController();
  // The clock of longer waits stands still until the test goes on.
  const held = new Map<number, () => void>();
  const watching = watch(peer, new LocalStore(near), {
    signal: controller.signal,
    direction: "push",
    async pause(ms, signal) {
      if (ms < 5000) return await sleep(ms / 10);
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(ms, resolve);
      signal?.addEventListener("abort", () => resolve());
      await promise;
    },
  });
  const isWaiting = async () => {
    for (const from = performance.now(); !held.has(5000); await sleep(5)) {
      if (performance.now() - from > 20_000) throw new Error(`it does not wait, after ${asked} requests`);
    }
  };
  await until(`${near}/${LOG}`, "a");
  for (let turn = 0; turn < 3; turn++) {
    await isWaiting();
    const before = asked;
    await sleep(100); // Several looks at what is near.
    assertEquals(asked - before, 0, "it asks nothing meanwhile");
    held.get(5000)!();
    held.delete(5000);
    await isWaiting();
    assertEquals(asked - before, 1, "it goes on to ask");
  }
  controller.abort();
  await watching;
});
