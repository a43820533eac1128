import { TokenFile } from "../../lib/server/access/token_file.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { post, serve } from "../server/world.ts";
import { eventually, serving } from "./serving.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusOf = async (answer: Promise<Response>) => {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
};

Deno.test("tokens: a server from which the last one is removed lets nobody in [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  const added = await dbx(["token", "add", "me", "--role", "read", "-R", repo]);
  const token = added.stdout.trim();
  await using server = await serving(["-R", repo, "--listen", "127.0.0.1:0", "-q"]);
  const ask = (more: Record<string, string> = {}) => statusOf(fetch(`${server.url}/api/v1`, { headers: more }));
  assertEquals([await ask(), await ask(bearer(token))], [401, 200]);
  assertEquals((await dbx(["token", "rm", "me", "-R", repo])).code, 0);
  await eventually(async () => await ask(bearer(token)) === 401, "the removed token is refused");
  assertEquals(await ask(), 401, "and nobody is let in without one");
  await Deno.remove(`${repo}/.dbx/tokens.json`);
  await eventually(async () => {
    assertEquals([await ask(), await ask(bearer(token))], [401, 401], "without a file");
    return server.complaints().includes("there is no file");
  }, "the server says that the file is gone");
  const { stderr } = await server.stop();
  assertStringIncludes(stderr, "there is no file");
  assert(!stderr.includes(token));
});

Deno.test("tokens: a file that is damaged lets nobody in [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await initRepository(path);
  const tokens = TokenFile.of(path);
  const token = tokens.add("me", "read", 1);
  const whole = await Deno.readTextFile(tokens.path);
  let now = 0;
  const repositories = [{ name: "r", store: new LocalStore(path), tokens }];
  await using server = await serve({ path, repositories, now: () => now });
  const ask = async () =>
    await Promise.all([{}, bearer(token)].map((headers) => statusOf(fetch(server.api, { headers }))));
  assertEquals(await ask(), [401, 200]);
  for (const damage of ["", "{", `{"version":1,"tokens":{}}`, `{"version":2,"tokens":[]}`]) {
    await Deno.writeTextFile(tokens.path, damage);
    now += 500;
    assertEquals(await ask(), [401, 401], damage);
    assertStringIncludes(server.errors.at(-1)!, "None of its tokens is accepted");
    await Deno.writeTextFile(tokens.path, whole);
    now += 500;
    assertEquals(await ask(), [401, 200], "repaired");
  }
});

Deno.test("tokens: another address than loopback asks for them whatever becomes of the file [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  const token = (await dbx(["token", "add", "me", "-R", repo])).stdout.trim();
  await using server = await serving(["-R", repo, "--listen", "0.0.0.0:0", "-q"]);
  const api = server.url.replace("0.0.0.0", "127.0.0.1") + "/api/v1";
  assertEquals(await statusOf(fetch(api, { headers: bearer(token) })), 200);
  await Deno.remove(`${repo}/.dbx/tokens.json`);
  await eventually(async () => await statusOf(fetch(api, { headers: bearer(token) })) === 401, "it is refused");
  assertEquals(await statusOf(fetch(api)), 401);
  await server.stop();
  // Also where the file went before anybody asked.
  await using early = await serve({ needsToken: true });
  assertEquals(await statusOf(fetch(early.api)), 401);
  const again = await dbx(["serve", "-R", repo, "--listen", "0.0.0.0:0"]);
  assertEquals(again.code, 2, "it does not start without any");
});

Deno.test("tokens: an open server closes when the first one is added, and a file that others could write opens nothing", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await initRepository(path);
  const tokens = TokenFile.of(path);
  const repositories = [{ name: "r", store: new LocalStore(path), tokens }];
  let now = 0;
  await using server = await serve({ path, repositories, now: () => now });
  const ask = (headers: Record<string, string> = {}) => statusOf(fetch(server.api, { headers }));
  assertEquals(await ask(), 200);
  const token = tokens.add("me", "read", 1);
  now += 500;
  assertEquals(await ask(), 401, "it asks for a token");
  assertEquals(await ask(bearer(token)), 200);
  await Deno.chmod(tokens.path, 0o666);
  now += 500;
  assertEquals(await ask(bearer(token)), 401, "others could write it");
  await Deno.chmod(tokens.path, 0o600);
  now += 500;
  assertEquals(await ask(bearer(token)), 200, "they cannot any more");
  // Nor does a link, which an unpacked archive may hold.
  await Deno.rename(tokens.path, `${folder.path}/elsewhere.json`);
  await Deno.symlink(`${folder.path}/elsewhere.json`, tokens.path);
  now += 500;
  assertEquals(await ask(bearer(token)), 401);
});

Deno.test("tokens: each repository is opened by its own, or all by those of one file [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = ["a", "b"].map((name) => `${folder.path}/${name}`);
  for (const repo of [a, b]) await dbx(["init", repo]);
  const add = async (...more: string[]) => (await dbx(["token", "add", "me", ...more])).stdout.trim();
  const [tokenA, tokenB] = [await add("-R", a), await add("-R", b, "--role", "read")];
  const statuses = async (url: string, token: string) =>
    await Promise.all(
      ["/api/v1", "/repos/a/api/v1", "/repos/b/api/v1", "/repos/c/api/v1", "/metrics"].map((path) =>
        statusOf(fetch(url + path, { headers: bearer(token) }))
      ),
    );
  {
    await using server = await serving(["-R", a, "-R", b, "--listen", "127.0.0.1:0", "-q"]);
    assertEquals(await statuses(server.url, tokenA), [200, 200, 403, 404, 200]);
    assertEquals(await statuses(server.url, tokenB), [403, 403, 200, 404, 200]);
    assertEquals(await statuses(server.url, "nonsense"), [401, 401, 401, 401, 401]);
    const write = post(`${server.url}/repos/b/api/v1/experiments`, {}, bearer(tokenA));
    assertEquals(await statusOf(write), 403);
    const about = await (await fetch(`${server.url}/api/v1`, { headers: bearer(tokenA) })).json();
    assertEquals(about.repositories.map(({ name }: { name: string }) => name), ["a"]);
  }
  const file = `${folder.path}/shared.json`;
  const missing = await dbx(["serve", "-R", a, "--listen", "127.0.0.1:0", "--tokens", file]);
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.stderr, "dbx token add NAME --tokens");
  const shared = await add("--tokens", file);
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  await using server = await serving(["-R", a, "-R", b, "--listen", "127.0.0.1:0", "-q", "--tokens", file]);
  assertEquals(await statuses(server.url, shared), [200, 200, 200, 404, 200]);
  assertEquals(await statuses(server.url, tokenA), [401, 401, 401, 401, 401]);
  assertEquals((await dbx(["token", "ls", "--tokens", file, "--json"])).stdout.includes('"me"'), true);
});

Deno.test("tokens: one that is removed loses its live queries, followed logs and uploads within a second [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await initRepository(path);
  const tokens = TokenFile.of(path);
  const [token, other] = [tokens.add("leaves", "write", 1), tokens.add("stays", "write", 1)];
  await using server = await serve({ path, repositories: [{ name: "r", store: new LocalStore(path), tokens }] });
  const { api } = server;
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" }, bearer(token))).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {}, bearer(token))).json();
  // The log of a run's life, so that the run goes on.
  const alive = `{"event":"dbx/alive","ts":${Date.now()}}\n`;
  await post(`${api}/runs/${run}/logs/dbx?offset=0&copy=1`, {}, bearer(token)).then((answer) => answer.body?.cancel());
  await fetch(`${api}/runs/${run}/logs/dbx`, { method: "POST", body: alive, headers: bearer(token) })
    .then((answer) => answer.body?.cancel());
  const sql = encodeURIComponent("SELECT count(*) FROM experiments");
  const open = async (token: string) => {
    const live = await fetch(`${api}/live?sql=${sql}`, { headers: bearer(token) });
    const follow = await fetch(`${api}/runs/${run}/logs/log?follow=1`, {
      headers: { ...bearer(token), accept: "text/event-stream" },
    });
    assertEquals([live.status, follow.status], [200, 200]);
    const slow = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"kind":')),
    });
    const upload = fetch(`${api}/experiments`, { method: "POST", body: slow, headers: bearer(token) });
    return { live, follow, upload: upload.then(async (answer) => (await answer.body?.cancel(), answer.status)) };
  };
  const [lost, kept] = [await open(token), await open(other)];
  const ended: string[] = [];
  const watch = (name: string, work: Promise<unknown>) =>
    work.then(() => ended.push(name), () => ended.push(name)) as Promise<unknown>;
  const drain = async ({ body }: Response) => {
    for await (const _ of body!);
  };
  const others = ["live", "follow"].map((name) =>
    watch(`other ${name}`, drain(name === "live" ? kept.live : kept.follow))
  );
  watch("other upload", kept.upload);
  const losing = [
    watch("live", drain(lost.live)),
    watch("follow", drain(lost.follow)),
    watch("upload", lost.upload),
  ];
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(ended, []);
  const from = performance.now();
  tokens.remove("leaves");
  await Promise.all(losing);
  const took = performance.now() - from;
  assertEquals(ended.toSorted(), ["follow", "live", "upload"]);
  // Half a second until the file is read again, and a quarter until somebody looks; the rest is the machine's.
  assert(took < 2500, `${took} ms`);
  assertEquals(await lost.upload.catch(() => 401), 401);
  server.app.stop();
  await Promise.all(others);
});

Deno.test("serve --unix: nobody else may open the socket", async () => {
  await using folder = await scratch();
  await dbx(["init", `${folder.path}/r`]);
  const socket = `${folder.path}/socket`;
  await using _ = await serving(["-R", `${folder.path}/r`, "--unix", socket, "-q"]);
  assertEquals((await Deno.stat(socket)).mode! & 0o777, 0o600);
  using connection = await Deno.connect({ transport: "unix", path: socket });
  await connection.write(new TextEncoder().encode("GET /api/v1 HTTP/1.0\r\n\r\n"));
  assertStringIncludes(await new Response(connection.readable).text(), " 200 ");
  // What it makes itself has the modes that it always has.
  const made = await Deno.stat(`${folder.path}/r/.dbx`).catch(() => undefined);
  if (made !== undefined) assert((made.mode! & 0o700) === 0o700);
});
