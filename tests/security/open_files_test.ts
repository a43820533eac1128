// Whoever opens more connections than the server may open files does not end it.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { serving } from "./serving.ts";

Deno.test({
  name: "open files: idle connections of strangers do not end a server that may open few [slow]",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await scratch();
    const path = `${folder.path}/served`;
    await dbx(["init", path]);
    const { stdout } = await dbx(["token", "add", "alice", "-R", path]);
    await using server = await serving(["-R", path, "--listen", "0", "--quiet"], { openFiles: 200 });
    const { hostname, port } = new URL(server.url);
    const held: Deno.Conn[] = [];
    for (let at = 0; at < 300; at++) {
      try {
        held.push(await Deno.connect({ hostname, port: Number(port) }));
      } catch {
        break; // A server that ended takes none.
      }
    }
    const statuses: number[] = [];
    // The first ones may find no file free.
    for (let tries = 0; tries < 40 && statuses.filter((status) => status === 200).length < 5; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      try {
        const headers = { authorization: `Bearer ${stdout.trim()}`, connection: "close" };
        const response = await fetch(`${server.url}/api/v1/experiments`, { headers });
        await response.body?.cancel();
        statuses.push(response.status);
      } catch {
        statuses.push(0);
      }
    }
    for (const one of held) one.close();
    assertEquals(statuses.slice(-3), [200, 200, 200], `${statuses}`);
    assert(!/bug in dbx|Uncaught/.test(server.complaints()), server.complaints());
  },
});
