import { askServer } from "../../lib/cli/complete/server_words.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { dbx } from "../e2e/dbx.ts";
import { serveProcess } from "../security/served.ts";

const how = { env: {}, isNamed: true, limitMs: 60_000 };

Deno.test("askServer: ids, kinds, names and tags of a server, series and params, each by one question [slow]", async () => {
  await using server = await serveProcess([], async (repo) => {
    const log = async (...words: string[]) => assertEquals((await dbx(["log", "-q", "-R", repo, ...words])).code, 0);
    await log("--kind", "train", "--name", "a/b", "--tag", "t1", "--param", "lr=1", "e", "loss=1");
    await log("--kind", "eval", "e", "loss=1");
  });
  const ids = (await dbx(["ls", "-q", "-R", server.path])).stdout.trim().split("\n");
  const listed = await askServer(server.url, ["experiment"], "", how);
  assertEquals(
    listed.experiments.map(({ id, about }) => [id, about]).sort(),
    [
      [ids[0], "eval"],
      [ids[1], "a/b  train"],
    ].sort(),
  );
  assertEquals([listed.kinds, listed.names.filter(Boolean), listed.tags], [["eval", "train"], ["a/b"], ["t1"]]);
  const one = await askServer(server.url, ["experiment"], ids[0].slice(0, 9), how);
  assertEquals(one.experiments.map(({ id }) => id), [ids[0]]);
  assertEquals((await askServer(server.url, ["running"], "", how)).experiments, []);
  const { series, params } = await askServer(server.url, ["column"], "params.l", how);
  assertEquals([series, params], [["loss"], ["lr"]]);
});

Deno.test("askServer: a server that says nothing is not waited for, and one that sends elsewhere is not followed", async () => {
  const asked: string[] = [];
  const released = Promise.withResolvers<void>();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    asked.push(request.headers.get("authorization") ?? "");
    if (request.url.includes("/schema")) return Response.redirect("http://127.0.0.1:1/elsewhere");
    return released.promise.then(() => new Response());
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  await assertRejects(() => askServer(url, ["experiment"], "", { ...how, limitMs: 50 }));
  await assertRejects(() => askServer(url, ["series"], "", how));
  // A server that the settings of a project name does not get the token of another one.
  await assertRejects(() => askServer(url, ["series"], "", { ...how, env: { DBX_TOKEN: "secret" }, isNamed: false }));
  assertEquals(asked, ["", "", ""]);
  released.resolve();
});
