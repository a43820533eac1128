import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** A server that answers as it is told. */
function server(answer: () => Response | Promise<Response>): { url: string } & AsyncDisposable {
  const serving = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${serving.addr.port}`,
    [Symbol.asyncDispose]: () => serving.shutdown(),
  };
}

terminalTest(
  "a terminal: a server that cannot be reached, is slow or asks to wait does not keep a person waiting without a word [slow]",
  async () => {
    await using folder = await scratch();
    const start = { cwd: folder.path, env: await dbxOnPath(folder.path) };
    const dead = await record("dbx ls --repo http://127.0.0.1:1", start);
    assertEquals(dead.code, 1);
    assertEquals(dead.bytes.split("trying again").length, 2, dead.bytes);

    const root = { role: "admin", repository: { id: "abcdefghijkl1", version: 1 } };
    let tries = 0;
    await using busy = server(() => {
      if (tries++ > 0) return Response.json({ error: "no such page" }, { status: 404 });
      return Response.json({ error: "too fast" }, { status: 429, headers: { "retry-after": "1" } });
    });
    const slowed = await record(`dbx ls --repo ${busy.url}`, start);
    assertStringIncludes(slowed.bytes, `${busy.url} asks for fewer requests`);
    assertStringIncludes(slowed.bytes, "(1 s); trying again");

    await using slow = server(async () => {
      // Clearly longer than the program waits without a word, on a busy machine too.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return Response.json(root);
    });
    assertStringIncludes((await record(`dbx ls --repo ${slow.url}`, start)).bytes, `waiting for ${slow.url} to answer`);

    const logged = await record("dbx log --repo http://127.0.0.1:1 e x=1", start);
    assertStringIncludes(logged.bytes, "waiting until http://127.0.0.1:1 has received everything");

    const piped = await record("dbx ls --repo http://127.0.0.1:1 2>words; cat words", start);
    assert(!piped.bytes.includes("trying again"), "a file gets the error alone");
  },
);
