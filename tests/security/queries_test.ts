import { assert, assertEquals } from "../assert.ts";
import { post } from "../server/world.ts";
import { meanwhile, serveProcess } from "./served.ts";

/** Packs a text, of which a small body unpacks to a large one. */
async function gzip(text: string): Promise<ArrayBuffer> {
  return await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

Deno.test("a where of 16 MiB in 20 KB is refused, in every field of every route [slow]", async () => {
  await using server = await serveProcess();
  const { api } = server;
  const headers = { "content-encoding": "gzip" };
  for (const field of ["where", "sql", "cols", "sort", "kind", "name", "tag", "as", "format", "anything"]) {
    const body = await gzip(JSON.stringify({ [field]: "(".repeat(16 * 1024 * 1024 - 100) }));
    assert(body.byteLength < 30_000);
    for (const route of ["query", "live"]) {
      const attack = fetch(`${api}/${route}`, { method: "POST", body, headers });
      await meanwhile(`${server.url}/healthz`, attack);
      const response = await attack;
      assertEquals(response.status, 413, `${route} ${field}`);
      await response.body?.cancel();
    }
    // Short enough for a body, too long for its field.
    if (field === "sql") continue;
    const long = await post(`${api}/query`, { [field]: "x".repeat(20_000) });
    assertEquals(long.status, 400, field);
    await long.body?.cancel();
    for (const route of ["query", "live", "list", "series", "experiments"]) {
      const response = await fetch(`${api}/${route}?${field}=${"x".repeat(18_000)}`);
      assertEquals(response.status, 400, `${route} ${field}`);
      await response.body?.cancel();
    }
  }
  assertEquals(server.ended(), undefined);
});

Deno.test("what takes all memory ends its own process and not the server [slow]", async () => {
  await using server = await serveProcess(["--query-memory", "600"]);
  const { api, url } = server;
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" })).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {})).json();
  const line = `{"event":"e","ts":1,"text":"${"x".repeat(8_000_000)}","n":1}\n`;
  await (await fetch(`${api}/runs/${run}/logs/log`, { method: "POST", body: line })).body?.cancel();
  const many = Array.from({ length: 5000 }, (_, at) => `{"event":"m/${at}","ts":${at + 1},"n":${at}}\n`).join("");
  await (await fetch(`${api}/runs/${run}/logs/more`, { method: "POST", body: many })).body?.cancel();
  const cell = `"data.text"`;
  const attacks = [
    `SELECT ${Array.from({ length: 300 }, (_, at) => `${cell} AS c${at}`).join(",")} FROM events`,
    `SELECT * FROM events a, events b, events c ORDER BY ${
      ["a", "b", "c"].map((name) => `${name}.event DESC, ${name}.ts, ${name}."data.n"`).join(", ")
    }`,
  ];
  const said: string[] = [];
  for (const sql of attacks) {
    const attack = post(`${api}/query`, { sql, format: "jsonl" }).then((response) => response.text());
    const longest = await meanwhile(`${url}/healthz`, attack);
    assert(longest < 2000, `a second client waited ${longest} ms`);
    assertEquals(server.ended(), undefined, sql.slice(0, 60));
    const [answer] = await (await post(`${api}/query`, { sql: "SELECT 1 AS one" })).json();
    assertEquals(answer, { one: 1 });
    said.push(await attack);
  }
  // Not because of the time that it takes, which is another limit.
  assert(said.every((text) => /memory|bytes/.test(text)), said.map((text) => text.slice(-300)).join("\n"));
});

Deno.test("a page of another site may not ask, also not without an origin", async () => {
  await using server = await serveProcess();
  const { url, api } = server;
  const ask = async (path: string, headers: Record<string, string>, method = "GET") => {
    const response = await fetch(path, { headers, method });
    await response.body?.cancel();
    return response.status;
  };
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" })).json();
  const image = { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
  for (const site of ["cross-site", "same-site"]) {
    const foreign = { "sec-fetch-site": site };
    const paths = [
      `${api}/query?sql=SELECT+1`,
      `${api}/experiments/${exp}`,
      `${api}/openapi.json`,
      `${url}/`,
      `${url}/login.js`,
    ];
    for (const path of paths) assertEquals(await ask(path, { ...foreign, ...image }), 403, path);
    assertEquals(await ask(`${api}/session`, foreign, "POST"), 403);
    // Asked for by ourselves just before, so that it can be answered at once.
    await ask(`${api}/experiments/${exp}`, {});
    assertEquals(await ask(`${api}/experiments/${exp}`, { ...foreign, ...image }), 403);
    const visit = { ...foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    assertEquals(await ask(`${url}/`, visit), 200);
    assertEquals(await ask(`${api}/query?sql=SELECT+1`, visit), 403);
  }
  for (const site of ["same-origin", "none"]) {
    assertEquals(await ask(`${api}/query?sql=SELECT+1`, { "sec-fetch-site": site }), 200);
  }
});

Deno.test("one live query too many is told to come back later [slow]", async () => {
  await using server = await serveProcess();
  const { api } = server;
  const controller = new AbortController();
  const { signal } = controller;
  const opened = await Promise.all(
    Array.from({ length: 200 }, (_, at) => fetch(`${api}/live?sql=SELECT+${at}`, { signal })),
  );
  assertEquals(opened.map(({ status }) => status).filter((status) => status !== 200), []);
  const refused = await fetch(`${api}/live?sql=SELECT+200`);
  assertEquals(refused.status, 503);
  assert(Number(refused.headers.get("retry-after")) > 0);
  await refused.body?.cancel();
  assertEquals((await fetch(`${api}/query?sql=SELECT+1`)).ok, true);
  controller.abort();
  await Promise.all(opened.map(({ body }) => body?.cancel().catch(() => {})));
});
