import { assert, assertEquals } from "./assert.ts";
import { scratch } from "./e2e/dbx.ts";

const root = new URL("..", import.meta.url);

Deno.test("mod.ts: imported from a URL by a script that has no configuration", async () => {
  await using folder = await scratch();
  const asked: string[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname;
    asked.push(path);
    const text = await Deno.readTextFile(new URL(`.${path}`, root)).catch(() => undefined);
    if (text === undefined) return new Response("none", { status: 404 });
    return new Response(text, { headers: { "content-type": "application/typescript" } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const script = `import { openRepository } from "${origin}/mod.ts";
    const repo = await openRepository("./r");
    const run = await (await repo.experiment({ kind: "k", params: { lr: 0.1 } })).run({ git: false });
    run.log("train/1", { loss: NaN });
    await run.finish();
    for await (const experiment of repo.experiments())
      for (const run of await experiment.runs())
        for await (const { event, data } of run.log().read()) console.log(event, JSON.stringify(data), experiment.params.lr);
    console.log(await repo.query('SELECT kind, "params.lr" AS lr FROM experiments').objects());`;
  await Deno.writeTextFile(`${folder.path}/script.ts`, script);
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read=.",
      "--allow-write=.",
      `--allow-import=127.0.0.1:${server.addr.port}`,
      "script.ts",
    ],
    cwd: folder.path,
    env: { DENO_DIR: `${folder.path}/deno`, NO_COLOR: "1" },
  }).output();
  assertEquals(new TextDecoder().decode(output.stderr), "");
  assertEquals(
    new TextDecoder().decode(output.stdout),
    'train/1 {"loss":{"_dbx":"nan"}} 0.1\n[ { kind: "k", lr: 0.1 } ]\n',
  );
  assertEquals(asked.filter((path) => path !== "/mod.ts" && !path.startsWith("/lib/")), []);
  assertEquals(asked.filter((path) => /^\/lib\/(server|terminal|cli|commands)\//.test(path)), []);
  assert(asked.length < 800, `${asked.length} modules`);
});
