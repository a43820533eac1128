import { commands } from "../../lib/commands/table.ts";
import { commandAt } from "../../lib/cli/find_command.ts";
import { parse } from "../../lib/cli/parse.ts";
import { workerPermissions } from "../../lib/cli/launch/permissions.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "./dbx.ts";

/** What a worker with the permissions of a command line may do. */
async function tryIn(
  name: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { command } = await commandAt(commands, name.split(" "));
  const around = {
    cwd,
    env: { PATH: "/usr/bin:/bin", ...env },
    repo: `${cwd}/output`,
    repos: [`${cwd}/output`],
    now: 0,
  };
  const set = await command.permissions(parse(command, args), around);
  const permissions = workerPermissions(set, [decodeURIComponent(new URL("../..", import.meta.url).pathname)]);
  const options = { type: "module", deno: { permissions } } as WorkerOptions;
  const worker = new Worker(new URL("./probe_worker.ts", import.meta.url), options);
  const { promise, resolve } = Promise.withResolvers<Record<string, string>>();
  worker.onmessage = (message) => resolve(message.data);
  worker.postMessage({ repo: around.repo, cwd });
  const answer = await promise;
  worker.terminate();
  return answer;
}

Deno.test("permissions: what reads can only read its repository", async () => {
  await using folder = await scratch();
  await dbx(["log", "-q", "e", "x=1"], { cwd: folder.path });
  for (
    const [name, args] of [
      ["ls", []],
      ["show", ["x"]],
      ["tail", []],
      ["check", []],
      ["query", ["SELECT 1"]],
      ["schema", []],
      ["series", ["x"]],
      ["index", []],
    ] as const
  ) {
    assertEquals(await tryIn(name, args, folder.path), {
      readRepository: "ok",
      writeRepository: "NotCapable",
      readOutside: "NotCapable",
      writeOutside: "NotCapable",
      connect: "NotCapable",
      listen: "NotCapable",
      runTrue: "NotCapable",
      runSh: "NotCapable",
      env: "NotCapable",
      ffi: "NotCapable",
    }, name);
  }
});

Deno.test("permissions: run starts the one program that it was given", async () => {
  await using folder = await scratch();
  await dbx(["init"], { cwd: folder.path });
  const given = await tryIn("run", ["--", "true"], folder.path);
  assertEquals(
    [given.runTrue, given.runSh, given.connect, given.writeRepository, given.writeOutside, given.ffi],
    ["ok", "NotCapable", "NotCapable", "ok", "NotCapable", "NotCapable"],
  );
  const loader = await dbx(["run", "--show-permissions", "--", "true"], { cwd: folder.path, env: { LD_PRELOAD: "" } });
  assertStringIncludes(loader.stdout, "why:    the runtime lets a program be started with LD_PRELOAD");
  const plain = await dbx(["tail", "--show-permissions"], { cwd: folder.path });
  assertEquals(
    plain.stdout,
    `read:   ${folder.path}/output\nwrite:  none\nrun:    none\nnet:    none\nenv:    none\nsys:    none\nffi:    none\n`,
  );
});

Deno.test("permissions: what synchronises reaches the one place that it was given", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["init"], { cwd });
  const kinds = [
    "readRepository",
    "writeRepository",
    "readOutside",
    "writeOutside",
    "connect",
    "listen",
    "runTrue",
    "env",
    "ffi",
  ];
  const tried = async (name: string, args: readonly string[]) => {
    const answer = await tryIn(name, args, cwd);
    return kinds.filter((kind) => answer[kind] !== "NotCapable").map((kind) => `${kind} ${answer[kind]}`).join(", ");
  };
  // Nothing listens there: the permission is held, and the connection refused.
  const own = "readRepository ok, writeRepository ok";
  assertEquals(await tried("pull", ["http://127.0.0.1:9"]), `${own}, connect ConnectionRefused`);
  assertEquals(await tried("push", ["http://127.0.0.1:9"]), "readRepository ok, connect ConnectionRefused");
  assertEquals(await tried("sync", ["http://127.0.0.1:8"]), own);
  assertEquals(await tried("pull", [`${cwd}/other`]), own);
  assertEquals(await tried("serve", ["--listen", "127.0.0.1:7199"]), own);
  assertEquals(await tried("serve", ["--listen", "127.0.0.1:7199", "--read-only"]), "readRepository ok");
  assertEquals(await tried("serve", ["--pipe"]), own);
  for (const name of ["rm", "restore"]) assertEquals(await tried(name, ["x"]), own);
  assertEquals(await tried("gc", []), own);
  assertEquals(await tried("rm", ["--purge", "x"]), own);
  assertEquals(await tried("purge", ["--secret"]), own);
  assertEquals(await tried("remote ls", []), "readRepository ok");
});

Deno.test("permissions: a server listens on its address and keeps to its repositories; an agent starts dbx alone [slow]", async () => {
  await using folder = await scratch();
  const shown = async (...args: string[]) => {
    const { stdout, stderr } = await dbx([...args, "--show-permissions", "--json"], { env: { HOME: folder.path } });
    assert(stdout !== "", stderr);
    return JSON.parse(stdout);
  };
  const repo = `${folder.path}/r`;
  const inside = (paths: string[]) => paths.every((path) => path.startsWith(`${folder.path}/`));
  await dbx(["init", repo], { env: { HOME: folder.path } });
  const server = await shown("serve", "-R", repo, "--listen", "127.0.0.1:7171");
  // Requests go on to sockets in a folder of its own, for which newer runtimes have a permission.
  assertEquals(server.net[0], "127.0.0.1:7171");
  assert(server.net.slice(1).every((scope: string) => /^unix:\/.*\/dbx-[0-9a-z]{13}\/\d$/.test(scope)), server.net);
  assertEquals([server.run, server.env, server.sys], [[], [], []]);
  const ownFolder = /\/dbx-[0-9a-z]{13}$/;
  const besides = (paths: string[]) => paths.filter((path) => !ownFolder.test(path));
  assert(inside(besides(server.read)) && inside(besides(server.write)), JSON.stringify(server));
  const closed = await shown("serve", "-R", repo, "--read-only");
  assert(
    besides(closed.write).every((path: string) => path.includes("index")),
    "read-only: it writes its index",
  );
  const agent = await shown("agent", "-R", "http://lab:7070", "--allow", "python train.py --lr *");
  assertEquals([agent.net, agent.write], [["lab:7070"], []]);
  assert(agent.run === true || agent.run.length === 1, JSON.stringify(agent));
  const stop = await shown("stop", "x", "-R", "https://lab.example");
  assertEquals([stop.net, stop.read, stop.write, stop.run], [["lab.example:443"], [], [], []]);
  const log = await shown("log", "x", "-R", "http://lab:7070");
  assert(inside(log.read) && inside(log.write), "the spool alone");
});
