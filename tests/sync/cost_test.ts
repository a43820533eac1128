// What a synchronisation costs: questions that are asked, and bytes that go by.
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;

Deno.test("sync: over HTTP, where nothing is to do, two questions are asked; a line more costs four [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  for (const path of [a, b]) await Deno.mkdir(`${path}/.dbx/index`, { recursive: true });
  const own = new LocalStore(a, { cache: `${a}/.dbx/index/folders` });
  await own.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${TIME}}\n`));
  for (let at = 10; at < 60; at++) {
    const exp = `00000000000${at}`;
    await own.create(`${exp}/meta.json`, encode(`{"id":"${exp}","kind":"k",${TIME}}\n`));
    await own.create(`${exp}/runs/0000000000run/meta.json`, encode(`{"id":"0000000000run",${TIME}}\n`));
    await own.append(`${exp}/runs/0000000000run/log.jsonl`, 0, encode(`{"event":"a","ts":1}\n`));
  }
  const routes = storeRoutes(new LocalStore(b, { cache: `${b}/.dbx/index/folders` }));
  const asked: string[] = [];
  let bytes = 0;
  const transport = async (request: Request): Promise<Response> => {
    asked.push(new URL(request.url).pathname.replace("/api/v1/", ""));
    const response = await routes(request);
    const body = new Uint8Array(await response.arrayBuffer());
    bytes += body.length;
    return new Response(response.body === null && body.length === 0 ? null : body, response);
  };
  const far = new RemoteStore({ location: "far", base: "http://peer", transport });
  const once = async () => {
    asked.length = bytes = 0;
    const { sent, received, setbacks } = await sync(own, far);
    assertEquals(setbacks, []);
    return sent.files + received.files;
  };
  assertEquals(await once(), 150);
  // What was written a moment ago is compared for some seconds more: until then it could change without its time telling.
  for (const from = Date.now(); asked.length !== 2 && Date.now() - from < 30_000;) {
    assertEquals(await once(), 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assertEquals(asked, ["sync/inventory", "files/dbx.json"]);
  assert(bytes < 2000, String(bytes));
  await own.append("0000000000010/runs/0000000000run/log.jsonl", 21, encode(`{"event":"b","ts":2}\n`));
  assertEquals(await once(), 1);
  assertEquals(asked, ["sync/inventory", "files/dbx.json", "sync/prove", "sync/take"]);
});
