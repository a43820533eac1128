import { assert, assertEquals } from "../assert.ts";
import { serving } from "./serving.ts";
import { scratch } from "../e2e/dbx.ts";

/** The ports of this machine that a process listens at. */
async function portsOf(pid: number): Promise<number[]> {
  const sockets = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const link = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined) sockets.add(inode);
  }
  const ports: number[] = [];
  for (const file of ["tcp", "tcp6"]) {
    const text = await Deno.readTextFile(`/proc/${pid}/net/${file}`).catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === "0A" && sockets.has(inode)) ports.push(parseInt(local.split(":")[1], 16));
    }
  }
  return ports;
}

Deno.test({
  name: "behind the front there is no port: a socket that only its owner could reach, and only while one connects",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await scratch();
    const temporary = `${folder.path}/t`;
    await Deno.mkdir(temporary);
    const server = await serving(["--listen", "0", "--repo", `${folder.path}/r`, "--quiet"], {
      env: { TMPDIR: temporary },
    });
    const [own, ...others] = await portsOf(server.pid);
    assertEquals([own, others], [Number(new URL(server.url).port), []]);
    const [made, ...more] = await Array.fromAsync(Deno.readDir(temporary));
    assertEquals(more, []);
    const inner = `${temporary}/${made.name}`;
    assertEquals((await Deno.stat(inner)).mode! & 0o777, 0o700);
    for (let turn = 0; turn < 50; turn++) {
      const response = await fetch(`${server.url}/healthz`, { headers: { connection: "close" } });
      assertEquals(await response.json(), { status: "ok" });
    }
    // Nothing to connect to stays, also while connections last.
    const kept = await Deno.connect({ hostname: "127.0.0.1", port: own });
    await kept.write(new TextEncoder().encode(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${own}\r\n\r\n`));
    assert((await kept.read(new Uint8Array(4096)))! > 0);
    assertEquals(await Array.fromAsync(Deno.readDir(inner)), []);
    kept.close();

    // Where somebody else has put a folder in its place, nobody is let in by it.
    await Deno.rename(inner, `${temporary}/away`);
    await Deno.mkdir(inner);
    await Deno.chmod(inner, 0o777);
    const refused = await fetch(`${server.url}/healthz`, { headers: { connection: "close" } }).then(
      (response) => response.text(),
      () => "cut",
    );
    assertEquals(refused, "cut");
    // One that was cleaned away is made again.
    await Deno.remove(inner);
    assertEquals((await (await fetch(`${server.url}/healthz`)).json()).status, "ok");
    assertEquals((await Deno.stat(inner)).mode! & 0o777, 0o700);
    const { code, stderr } = await server.stop();
    assertEquals([code, stderr], [0, ""]);
    assertEquals((await Array.fromAsync(Deno.readDir(temporary))).map(({ name }) => name), ["away"]);
  },
});
