// What a request may say of experiments, by its URL and by its body, and what is told of a mistake in it.
import { assertEquals } from "../assert.ts";
import { post, serve } from "./world.ts";

Deno.test("/query, /list, /series: the same keys say which experiments are meant", async () => {
  await using server = await serve();
  const { api } = server;
  const send = async (path: string, body: unknown) =>
    await fetch(`${api}/${path}`, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
  const ids: string[] = [];
  for (const kind of ["a", "b"]) {
    const { exp } = await (await send("experiments", { kind, name: `n/${kind}` })).json();
    const { run } = await (await send(`experiments/${exp}/runs`, {})).json();
    await (await send(`runs/${run}/logs/log`, `{"event":"e","ts":1,"loss":1}\n`)).text();
    ids.push(exp);
  }
  await (await send(`experiments/${ids[0]}/notes`, { event: "dbx/tag", data: { tag: "good" } })).text();

  const get = async (path: string, search: string) => await (await fetch(`${api}/${path}?${search}`)).json();
  for (const search of ["kind=a", "name=*/a", "tag=good", `where=${encodeURIComponent("tag = 'good'")}`]) {
    assertEquals(await get("query", `${search}&cols=id`), [{ id: ids[0] }], search);
    assertEquals((await get("list", `${search}&cols=id`)).rows, [{ id: ids[0] }], search);
    const { curves } = await get("series", `series=loss&${search}`);
    assertEquals(curves.map(({ labels }: { labels: { exp: string } }) => labels.exp), [ids[0]], search);
  }
  assertEquals((await get("query", "since=1h&cols=id")).length, 2);
  assertEquals((await get("query", "since=2099-01-01&cols=id")).length, 0);
  for (const body of [{ kind: "a" }, { tag: "good" }, { tags: ["good"] }, { name: "*/a", status: "unknown" }]) {
    assertEquals(await (await send("query", { ...body, cols: "id" })).json(), [{ id: ids[0] }], JSON.stringify(body));
  }
  assertEquals(await (await send("query", { tags: ["good", "bad"], cols: "id" })).json(), []);
  assertEquals(await get("query", `sql=${encodeURIComponent("SELECT 1 AS a, 2 AS a, 3 AS b")}`), [{
    a: 1,
    a_1: 2,
    b: 3,
  }]);
});

Deno.test("/query, /list: a mistake is told with its place in what was written", async () => {
  await using server = await serve();
  const { api } = server;
  await (await fetch(`${api}/experiments`, { method: "POST", body: `{"kind":"a","params":{"lr":1}}` })).text();
  const mistakes:
    readonly (readonly [path: string, search: Record<string, string>, query: string, position: number])[] = [
      ["query", { sql: "SELECT 1 FORM points" }, "SELECT 1 FORM points", 14],
      ["query", { where: "kind = 'a' and parms.lr < 1" }, "kind = 'a' and parms.lr < 1", 15],
      ["query", { cols: "id,params.rl" }, "params.rl", 0],
      ["list", { where: "params.rl < 1" }, "params.rl < 1", 0],
      ["list", { sort: "-params.rl" }, "-params.rl", 1],
      ["series", { series: "loss", where: "1 < params.rl" }, "1 < params.rl", 4],
    ];
  for (const [path, search, query, position] of mistakes) {
    const response = await fetch(`${api}/${path}?${new URLSearchParams(search)}`);
    const told = await response.json();
    assertEquals([response.status, told.kind, told.query, told.position], [422, "query", query, position]);
  }
});

Deno.test("/query: safe keeps texts of csv and tsv from becoming formulas, and is refused for other formats", async () => {
  await using server = await serve();
  await post(`${server.api}/experiments`, { kind: "=HYPERLINK(1)" });
  const sql = "SELECT kind FROM experiments";
  const get = (more: string) => fetch(`${server.api}/query?sql=${encodeURIComponent(sql)}&${more}`);
  assertEquals(await (await get("format=csv")).text(), "kind\n=HYPERLINK(1)\n");
  assertEquals(await (await get("format=csv&safe=1")).text(), "kind\n'=HYPERLINK(1)\n");
  assertEquals(await (await get("format=tsv&safe=true")).text(), "kind\n'=HYPERLINK(1)\n");
  assertEquals(
    await (await post(`${server.api}/query`, { sql, format: "csv", safe: true })).text(),
    "kind\n'=HYPERLINK(1)\n",
  );
  const refused = await get("safe=1");
  assertEquals([refused.status, (await refused.json()).kind], [422, "usage"]);
});
