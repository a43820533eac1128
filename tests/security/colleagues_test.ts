// What several people and machines do with one server, each with a token of their own: all of it works as if they were alone.
import { TokenFile } from "../../lib/server/access/token_file.ts";
import { assert, assertEquals } from "../assert.ts";
import { dbx, type Ended, scratch, spawn } from "../e2e/dbx.ts";
import { eventually, type Serving, serving } from "./serving.ts";

/** A server of a new repository, and those who have tokens. */
async function lab(): Promise<
  {
    readonly path: string;
    readonly folder: string;
    server: Serving;
    readonly as: (name: string, args: readonly string[], more?: Record<string, string>) => Promise<Ended>;
    readonly envOf: (name: string) => Record<string, string>;
    readonly restart: (while_?: () => Promise<void>) => Promise<void>;
  } & AsyncDisposable
> {
  const scratched = await scratch();
  const folder = scratched.path, path = `${folder}/served`;
  await dbx(["init", path]);
  const tokens: Record<string, string> = {};
  const roles = { alice: "write", bob: "write", carol: "control", gpu7: "agent", gpu8: "agent" } as const;
  const file = TokenFile.of(path);
  for (const [name, role] of Object.entries(roles)) tokens[name] = file.add(name, role, Date.now());
  let port = "0";
  const start = async () => {
    const server = await serving(["-R", path, "--listen", `127.0.0.1:${port}`, "--quiet"]);
    port = new URL(server.url).port;
    return server;
  };
  const envOf = (name: string) => ({
    DBX_TOKEN: tokens[name],
    DBX_SPOOL: `${folder}/spool-${name}`,
    DBX_REPO: one.server.url,
  });
  const one = {
    path,
    folder,
    server: await start(),
    envOf,
    as: (name: string, args: readonly string[], more: Record<string, string> = {}) =>
      dbx(args, { env: { ...envOf(name), ...more } }),
    async restart(meanwhile: () => Promise<void> = () => Promise.resolve()) {
      await one.server.stop();
      await meanwhile();
      one.server = await start();
    },
    async [Symbol.asyncDispose]() {
      await one.server.stop();
      await scratched[Symbol.asyncDispose]();
    },
  };
  return one;
}

function well({ code, stdout, stderr }: Ended): string {
  assertEquals(code, 0, stdout + stderr);
  return stdout;
}

const print = (what: string) => ["--", "sh", "-c", `echo '{"event":"e","x":${what}}'`];

Deno.test("colleagues: two of them log, push, pull, tag and add runs on one server [slow]", async () => {
  await using w = await lab();
  await Promise.all(["alice", "bob"].map(async (name) => {
    const laptop = `${w.folder}/${name}`;
    well(await w.as(name, ["run", "--kind", name, ...print("1")]));
    well(await w.as(name, ["run", "--kind", `${name}-laptop`, "-R", laptop, ...print("2")]));
    well(await w.as(name, ["push", w.server.url, "-R", laptop]));
  }));
  const laptop = `${w.folder}/bob`;
  well(await w.as("bob", ["pull", w.server.url, "-R", laptop]));
  const kinds = async (where: string) => {
    const sql = "SELECT kind, exp, run FROM experiments JOIN runs USING (exp) ORDER BY 1";
    const rows = JSON.parse(well(await dbx(["query", sql, "--format", "json", "-R", where])));
    return rows as { kind: string; exp: string; run: string }[];
  };
  const all = await kinds(w.path);
  assertEquals(all.map(({ kind }) => kind), ["alice", "alice-laptop", "bob", "bob-laptop"]);
  assertEquals((await kinds(laptop)).length, 4);
  // Bob tags what alice made, and adds a run of his own to it: on the server, and on his laptop.
  const [{ exp: alices, run }, , { exp: bobs }] = all;
  well(await w.as("bob", ["run", "--exp", alices, ...print("3")]));
  well(await w.as("bob", ["log", "--exp", alices, "--tag", "seen", "-R", laptop, "note", "y=1"]));
  well(await w.as("bob", ["push", w.server.url, "-R", laptop]));
  assert(/up to date/.test(well(await w.as("bob", ["push", w.server.url, "-R", laptop]))));
  assert(/seen/.test(well(await dbx(["show", alices, "-R", w.path]))));
  // What he changes of hers stays with him, and he is told; what is his goes on.
  const evil = '{"event":"evil","ts":1}\n';
  await Deno.writeTextFile(`${laptop}/${alices}/runs/${run}/new.log.jsonl`, evil);
  well(await w.as("bob", ["run", "--kind", "later", "-R", laptop, ...print("5")]));
  const told = await w.as("bob", ["push", w.server.url, "-R", laptop]);
  assertEquals(told.code, 1);
  assert(/new\.log\.jsonl \(refused\): .*belongs to the token "alice"/.test(told.stderr), told.stderr);
  assert((await kinds(w.path)).some(({ kind }) => kind === "later"), "the rest goes on");
  // Deleting is for whoever made it, as long as nobody else has runs there.
  const refused = await w.as("bob", ["rm", alices]);
  assertEquals(refused.code, 1);
  assert(/only delete and restore experiments that it created/.test(refused.stderr), refused.stderr);
  assertEquals((await w.as("alice", ["rm", alices])).code, 1);
  well(await w.as("bob", ["rm", bobs]));
  well(await w.as("carol", ["rm", alices]));
});

Deno.test("colleagues: what waited while the server was away is sent by whoever logged it, after a restart [slow]", async () => {
  await using w = await lab();
  await w.restart(async () => {
    const offline = await w.as("alice", ["run", "--kind", "away", ...print("1")]);
    assert(/waits/.test(offline.stderr), offline.stderr);
  });
  // Whoever else logs from that machine does not send it along: it would be theirs then.
  well(await w.as("bob", ["log", "bobs", "y=1"], { DBX_SPOOL: `${w.folder}/spool-alice` }));
  assertEquals(Array.from(Deno.readDirSync(`${w.folder}/spool-alice`)).length, 1);
  const asBob = await w.as("bob", ["spool", "push"], { DBX_SPOOL: `${w.folder}/spool-alice` });
  assertEquals(asBob.code, 0, "what nobody sent yet is of whoever sends it first");
  // A run that began with one token is not gone on with by another one.
  well(await w.as("alice", ["run", "--kind", "resumed", ...print("1")]));
  const sql = "SELECT exp FROM experiments WHERE kind = 'resumed'";
  const [{ exp }] = JSON.parse(well(await dbx(["query", sql, "--format", "json", "-R", w.path])));
  well(await w.as("alice", ["run", "--exp", exp, ...print("2")]));
  // dbx dies, its program does not: another dbx goes on with the run, by the same token.
  const script = `echo ready; while [ ! -e ${w.folder}/go ]; do sleep 0.05; done; echo '{"event":"late","x":1}'`;
  const child = spawn(["run", "--quiet", "--exp", exp, "--", "sh", "-c", script], { env: w.envOf("alice") });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  await Deno.writeTextFile(`${w.folder}/go`, "");
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  const late = async () =>
    (await dbx(["query", "SELECT count(*) AS n FROM points WHERE key = 'x'", "--format", "csv", "-R", w.path])).stdout;
  await eventually(async () => /\n4\n/.test(await late()), "the late event is there");
});

Deno.test("colleagues: agents take what is queued, each in its own name; others do not [slow]", async () => {
  await using w = await lab();
  const queue = async (...more: string[]) =>
    JSON.parse(
      well(await w.as("carol", ["queue", "add", "--json", "--kind", "job", ...more, "--", "sh", "-c", "echo 1"])),
    );
  const [any, named] = [await queue(), await queue("--agent", "gpu8")];
  const agent = (name: string, ...more: string[]) =>
    w.as(name, ["agent", "--allow", "sh -c **", "--once", "--interval", "0.2", "--jsonl", ...more]);
  const bob = await agent("bob");
  assertEquals(bob.code, 2);
  assert(/--role agent/.test(bob.stderr), bob.stderr);
  const claimed = await w.as("bob", ["run", "--exp", any.exp, "--run-id", any.run, ...print("1")]);
  assertEquals(claimed.code, 1);
  assert(/only a token with the role agent can take/.test(claimed.stderr), claimed.stderr);
  const other = await agent("gpu7", "--name", "gpu8");
  assertEquals(other.code, 2);
  assert(/its token names it "gpu7"/.test(other.stderr), other.stderr);
  well(await agent("gpu7"));
  const states = async () =>
    JSON.parse(well(await w.as("alice", ["queue", "ls", "--all", "--json"]))).map(
      ({ id, state }: { id: string; state: string }) => [id, state],
    );
  assertEquals(await states(), [[any.id, "finished"], [named.id, "queued"]]);
  well(await agent("gpu8"));
  assertEquals(await states(), [[any.id, "finished"], [named.id, "finished"]]);
  const sql = "SELECT extra ->> 'agent' AS agent FROM runs JOIN experiments USING (exp) WHERE kind = 'job' ORDER BY 1";
  const agents = await dbx(["query", sql, "--format", "json", "-R", w.path]);
  assertEquals(JSON.parse(agents.stdout), [{ agent: "gpu7" }, { agent: "gpu8" }], agents.stderr);
});
