import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A dbx serve, and the first lines that it said. */
interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly said: string;
  readonly child: Deno.ChildProcess;
  /** Ends it by SIGTERM; the exit code, and all that it said since. */
  stop(): Promise<{ code: number; stdout: string; stderr: string }>;
}

async function serve(args: readonly string[], lines = 1, env: Record<string, string> = {}): Promise<Serving> {
  const child = spawn(["serve", "--create", ...args], { env });
  await child.stdin.close();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const stderr = new Response(child.stderr).text();
  let said = "";
  while (said.split("\n").length <= lines) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`dbx serve ended: ${said} ${await stderr}`);
    said += value;
  }
  const url = /(https?:[^\s"]+|unix:[^\s"]+)/.exec(said)![0].replace(/\/login.*$/, "");
  let rest = "";
  const drained = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
  })();
  let isOver = false;
  const stop = async () => {
    isOver = true;
    child.kill("SIGTERM");
    const [{ code }] = await Promise.all([child.status, drained]);
    return { code, stdout: rest, stderr: await stderr };
  };
  return {
    url,
    said,
    child,
    stop,
    async [Symbol.asyncDispose]() {
      if (!isOver) await stop();
    },
  };
}

/** Waits until a condition holds. */
async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 150; turn++) {
    if (await condition()) return;
    await pause(100);
  }
  throw new Error(`it did not come about: ${what}`);
}

Deno.test("serve: a server's URL is a repository for every command that reads [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["log", "-q", "-R", repo, "--kind", "k", "--param", "lr=0.1", "eval", "acc=0.5"]);
  await dbx(["log", "-q", "-R", repo, "--kind", "k", "eval", "acc=0.9"]);
  await using server = await serve(["-R", repo, "--listen", "127.0.0.1:0"]);
  const id = JSON.parse((await dbx(["ls", "-R", repo, "--json"])).stdout)[0].id;
  for (
    const args of [
      ["ls"],
      ["ls", "--json", "--cols", "id,kind,params.lr,max:acc"],
      ["ls", "--cols", "id,runs,host,command,last:acc", "--sort", "-last:acc", "--limit", "1", "--kind", "k"],
      ["ls", "--tag", "nosuch"],
      ["show", id],
      ["show", id, "--json"],
      ["tail", id, "--jsonl"],
      ["query", "SELECT exp, value FROM points ORDER BY value", "--format", "csv"],
      ["query", "--where", "params.lr = 0.1"],
      ["series", "acc"],
      ["schema", "--json"],
      ["check"],
    ]
  ) {
    const [near, far] = [await dbx([...args, "-R", repo]), await dbx([...args, "-R", server.url])];
    assertEquals(far.code, 0, `${args.join(" ")}: ${far.stderr}`);
    // Ages may be a digit longer the second time.
    const timeless = (text: string) => text.replace(/ *\d+[smh]\b/g, " T");
    assertEquals(timeless(far.stdout), timeless(near.stdout), args.join(" "));
  }
  const wrong = await dbx(["query", "SELECT nosuch FROM points", "-R", server.url]);
  assertEquals(wrong.code, 2);
  assert(/nosuch/.test(wrong.stderr) && /\^/.test(wrong.stderr), wrong.stderr);
  assertEquals((await dbx(["gc", "-R", server.url])).code, 2);
  assertEquals((await dbx(["ls", "-R", "http://127.0.0.1:1"])).code, 1);
  const { stdout } = await dbx(["show", id, "-R", server.url, "--show-permissions", "--json"]);
  const permissions = JSON.parse(stdout);
  assertEquals([permissions.read, permissions.net], [[], [server.url.slice(7)]]);
  // Two repositories at once, one of them far away.
  const both = await dbx(["query", "SELECT count(*) FROM runs", "-R", server.url, "-R", repo, "--format", "csv"]);
  assertEquals(both.stdout, "count(*)\n4\n", both.stderr);
});

Deno.test("serve: no address but loopback without a token; links to log in; tokens; several repositories [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/x/data`, `${folder.path}/y/data`];
  for (const repo of [a, b]) await dbx(["log", "-q", "-R", repo, "e", "x=1"]);
  await dbx(["log", "-q", "-R", b, "e", "x=2"]);
  const refused = await dbx(["serve", "-R", a, "--listen", "0.0.0.0:0"]);
  assertEquals(refused.code, 2);
  assert(/--new-token/.test(refused.stderr), refused.stderr);
  await using server = await serve(["-R", a, "-R", b, "--listen", "0.0.0.0:0", "--new-token"], 2);
  const token = /#token=(\S+)/.exec(server.said)![1];
  const url = server.url.replace("0.0.0.0", "127.0.0.1");
  assertEquals((await dbx(["ls", "-R", url])).code, 1);
  const counts = [];
  for (const place of ["", "/repos/data", "/repos/data-2"]) {
    const args = ["query", "SELECT count(*) FROM runs", "--format", "csv", "-R", url + place];
    const { stdout, stderr } = await dbx(args, { env: { DBX_TOKEN: token } });
    assert(stdout !== "", stderr);
    counts.push(Number(stdout.split("\n")[1]));
  }
  assertEquals(counts, [1, 1, 2]);
  const added = await dbx(["token", "add", "gpu", "--role", "read", "-R", a]);
  const read = added.stdout.trim();
  await Deno.writeTextFile(`${folder.path}/token`, read + "\n");
  await until(
    async () => (await dbx(["ls", "-R", url, "--token-file", `${folder.path}/token`])).code === 0,
    "the new token",
  );
  const [{ id }] = JSON.parse((await dbx(["ls", "--json", "-R", a])).stdout);
  const refusal = await dbx(["rm", id, "-R", url], { env: { DBX_TOKEN: read } });
  assertEquals(refusal.code, 1);
  assert(/only read/.test(refusal.stderr), refusal.stderr);
  assertEquals((await dbx(["token", "ls", "-R", a])).stdout.includes(read), false);
  assertEquals((await dbx(["token", "rm", "gpu", "-R", a])).code, 0);
  const { code, stdout } = await server.stop();
  assertEquals(code, 0);
  assert(!stdout.includes(token) && !stdout.includes(read), "no token stands in the log");
});

const hasTools = ["openssl", "curl"].every((program) => {
  try {
    return new Deno.Command(program, { args: ["version"], stdout: "null", stderr: "null" }).outputSync() !== undefined;
  } catch {
    return false;
  }
});
if (!hasTools) console.log("skipped: the server over TLS and at a socket; on Debian: apt-get install openssl curl");
Deno.test("serve: over TLS, and at a socket in the file system [slow]", { ignore: !hasTools }, async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["log", "-q", "-R", repo, "e", "x=1"]);
  const [cert, key] = [`${folder.path}/cert.pem`, `${folder.path}/key.pem`];
  const made = await new Deno.Command("openssl", {
    args: ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
      .concat(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
      .concat(["-keyout", key, "-out", cert]),
    stderr: "null",
  }).output();
  assert(made.success, "openssl makes a certificate");
  {
    await using server = await serve(["-R", repo, "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key]);
    assert(server.url.startsWith("https:"), server.url);
    const url = server.url.replace("127.0.0.1", "localhost");
    assertEquals((await dbx(["ls", "-R", url])).code, 1, "nobody vouches for the certificate");
    const { stdout, stderr } = await dbx(["ls", "-R", url], { env: { DBX_CA_FILE: cert } });
    assert(/log/.test(stdout), stderr);
  }
  const socket = `${folder.path}/socket`;
  await using server = await serve(["-R", repo, "--unix", socket]);
  const curl = new Deno.Command("curl", {
    args: ["-s", "--unix-socket", socket, "http://dbx/api/v1"],
    stdout: "piped",
  });
  assert(/"role":"admin"/.test(new TextDecoder().decode((await curl.output()).stdout)));
  assertEquals((await server.stop()).code, 0);
});

Deno.test("serve: SIGTERM ends what is followed, what is in work ends, and the exit code is 0 [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["log", "-q", "-R", repo, "e", "x=1"]);
  await using server = await serve(["-R", repo, "--listen", "127.0.0.1:0", "--jsonl"]);
  const api = `${server.url}/api/v1`;
  const live = await fetch(`${api}/live?sql=${encodeURIComponent("SELECT count(*) FROM points")}`);
  const reader = live.body!.getReader();
  await reader.read();
  // Whoever follows by dbx tries again until it is stopped.
  const following = spawn(["query", "--live", "SELECT count(*) FROM points", "-R", server.url, "--format", "jsonl"]);
  const told = following.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: said } = await told.read();
  const { run } = (await (await fetch(`${api}/query?sql=${encodeURIComponent("SELECT run FROM runs")}`)).json())[0];
  const evil = await fetch(`${api}/nosuch%0aINJECTED?x=%0a`);
  await evil.text();
  const sending = fetch(`${api}/runs/${run}/logs/log`, { method: "POST", body: `{"event":"e","x":2}\n` });
  const from = performance.now();
  const [{ code, stdout }, sent] = await Promise.all([server.stop(), sending.then(({ status }) => status, () => 0)]);
  assertEquals(code, 0);
  assert(performance.now() - from < 8000, "it does not wait for those who follow");
  while (!(await reader.read()).done);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert(lines.every((line) => typeof line.status === "number" && typeof line.ms === "number"), "a line each request");
  const log = await dbx(["tail", "-R", repo, "--jsonl"]);
  assertEquals(log.stdout.includes('"x":2'), sent === 200, "what was granted is kept");
  following.kill("SIGINT");
  await Promise.all([following.status, following.stdin.close(), following.stderr.cancel(), told.cancel()]);
  assertEquals(said, '{"columns":["count(*)"],"rows":[[1]]}\n');
});

Deno.test("logging to a server: dbx run and dbx log, while it is there and while it is not [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  const env = { DBX_SPOOL: `${folder.path}/spool` };
  await dbx(["init", repo]);
  let port = 0;
  {
    await using server = await serve(["-R", repo, "--listen", "127.0.0.1:0"]);
    port = Number(new URL(server.url).port);
    const script =
      `for i in 1 2 3; do echo "{\\"event\\":\\"t\\",\\"loss\\":$i}"; done; echo '{"event":"own","x":1}' >> $DBX_LOG; echo $DBX_REPO`;
    const { code, stdout, stderr } = await dbx(["run", "-R", server.url, "--kind", "net", "--", "sh", "-c", script], {
      env,
    });
    assertEquals(code, 0, stderr);
    assert(stdout.endsWith(`${server.url}\n`), stdout);
    assertEquals((await dbx(["log", "-R", server.url, "eval", "acc=1"], { env })).code, 0);
    assertEquals([...Deno.readDirSync(env.DBX_SPOOL)].length, 0, "nothing waits");
    const { stdout: points } = await dbx([
      "query",
      "SELECT log, key, value FROM points ORDER BY 1, 2, 3",
      "--format",
      "csv",
      "-R",
      repo,
    ]);
    assertEquals(points.split("\n").filter((line) => /loss|acc|own|x/.test(line)).length, 5, points);
  }
  const url = `http://127.0.0.1:${port}`;
  const from = performance.now();
  const offline = await dbx([
    "run",
    "-R",
    url,
    "--kind",
    "offline",
    "--",
    "sh",
    "-c",
    'echo \'{"event":"t","loss":7}\'; exit 3',
  ], { env });
  assertEquals(offline.code, 3, offline.stderr);
  assert(/waits/.test(offline.stderr), offline.stderr);
  assert(performance.now() - from < 40_000, "a server that is away is not waited for as long as one that is slow");
  assert(/ended/.test((await dbx(["spool"], { env })).stdout.replace("in use", "ended")));
  await using server = await serve(["-R", repo, "--listen", `127.0.0.1:${port}`]);
  const pushed = await dbx(["spool", "push", "-R", server.url], { env });
  assertEquals(pushed.code, 0, pushed.stderr);
  assertEquals([...Deno.readDirSync(env.DBX_SPOOL)].length, 0);
  // What another process left is sent along by whoever comes next.
  assertEquals((await dbx(["log", "-R", "http://127.0.0.1:1", "left", "x=1"], { env })).code, 0);
  const [left] = Array.from(Deno.readDirSync(env.DBX_SPOOL), ({ name }) => `${env.DBX_SPOOL}/${name}/.dbx/spool.json`);
  await Deno.writeTextFile(left, JSON.stringify({ url: server.url }));
  assertEquals((await dbx(["log", "-R", server.url, "next", "x=1"], { env })).code, 0);
  assertEquals([...Deno.readDirSync(env.DBX_SPOOL)].length, 0);
  const followed = await dbx(["tail", "-f", "-R", server.url, "--jsonl"], { env });
  assertEquals(/"event":"(next|left)"/.test(followed.stdout), true, followed.stdout + followed.stderr);
  const { stdout } = await dbx([
    "query",
    "SELECT runs.status, exit_code FROM runs JOIN experiments USING (exp) WHERE kind = 'offline'",
    "--format",
    "csv",
    "-R",
    repo,
  ]);
  assertEquals(stdout, "status,exit_code\nfailed,3\n");
  assertEquals((await dbx(["check", "-R", repo])).code, 0);
});

for (const where of ["a folder", "a server"] as const) {
  Deno.test(`remote control over ${where}: stop, queue, two agents that race, start again [slow]`, async () => {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    await dbx(["init", path]);
    await using server = await serve(["-R", path, "--listen", "127.0.0.1:0", "--quiet"]);
    const repo = where === "a folder" ? path : server.url;
    const env = { DBX_SPOOL: `${folder.path}/spool` };
    const child = spawn([
      "run",
      "-R",
      repo,
      "--quiet",
      "--",
      "sh",
      "-c",
      "trap 'echo bye; exit 9' TERM; while :; do sleep 0.1; done",
    ], { env });
    await child.stdin.close();
    let run = "";
    await until(async () => {
      const { stdout } = await dbx([
        "query",
        "SELECT run FROM runs WHERE status = 'running'",
        "--format",
        "csv",
        "-R",
        path,
      ]);
      return (run = stdout.split("\n")[1] ?? "") !== "";
    }, "it runs");
    const stopped = await dbx(["stop", run.slice(0, 8), "--grace", "5s", "--wait", "-R", repo], { env });
    assert(/killed/.test(stopped.stdout), stopped.stdout + stopped.stderr);
    const { code, stdout } = await child.output();
    assertEquals([code, new TextDecoder().decode(stdout)], [9, "bye\n"]);
    const acknowledged = await dbx(["tail", run, "--log", "dbx", "--jsonl", "-R", path]);
    assert(/"ack":"stopping"/.test(acknowledged.stdout), acknowledged.stdout);

    const starts = [];
    for (let at = 0; at < 4; at++) {
      const added = await dbx([
        "queue",
        "add",
        "--json",
        "-R",
        repo,
        "--kind",
        "job",
        "--",
        "sh",
        "-c",
        `echo $$ >> ${folder.path}/job${at}; sleep 0.3`,
      ], { env });
      assertEquals(added.code, 0, added.stderr);
      starts.push(JSON.parse(added.stdout));
    }
    const evil = await dbx(["queue", "add", "--json", "-R", repo, "--", "touch", `${folder.path}/evil`], { env });
    const cancelled = await dbx([
      "queue",
      "add",
      "--json",
      "-R",
      repo,
      "--",
      "sh",
      "-c",
      `touch ${folder.path}/cancelled`,
    ], { env });
    assertEquals((await dbx(["queue", "rm", JSON.parse(cancelled.stdout).id, "-R", repo], { env })).code, 0);
    const agent = (name: string) =>
      dbx([
        "agent",
        "-R",
        repo,
        "--allow",
        "sh -c **",
        "--once",
        "--slots",
        "2",
        "--name",
        name,
        "--interval",
        "0.3",
        "--jsonl",
      ], { env });
    const agents = await Promise.all([agent("one"), agent("two")]);
    for (const { code, stderr } of agents) assertEquals(code, 0, stderr);
    for (let at = 0; at < 4; at++) {
      const pids = (await Deno.readTextFile(`${folder.path}/job${at}`)).trim().split("\n");
      assertEquals(pids.length, 1, `job ${at} ran once`);
    }
    const queue = JSON.parse((await dbx(["queue", "ls", "--all", "--json", "-R", repo], { env })).stdout);
    const states = Object.fromEntries(queue.map(({ id, state }: { id: string; state: string }) => [id, state]));
    for (const { id } of starts) assertEquals(states[id], "finished");
    assertEquals(states[JSON.parse(evil.stdout).id], "queued", "it is not allowed");
    assertEquals(states[JSON.parse(cancelled.stdout).id], "cancelled");
    for (const name of ["evil", "cancelled"]) {
      await Deno.stat(`${folder.path}/${name}`).then(() => assert(false, name), () => {});
    }
    // A further run of an experiment; the agent that is killed leaves it running, and counts it when it is back.
    const again = await dbx([
      "start",
      starts[0].exp,
      "--json",
      "-R",
      repo,
      "--",
      "sh",
      "-c",
      `echo on >> ${folder.path}/on; sleep 3`,
    ], { env });
    assertEquals(again.code, 0, again.stderr);
    const killed = spawn(["agent", "-R", repo, "--allow", "sh -c **", "--name", "three", "--interval", "0.2"], { env });
    await killed.stdin.close();
    await until(() => Deno.stat(`${folder.path}/on`).then(() => true, () => false), "it is started");
    killed.kill("SIGKILL");
    await Promise.all([killed.status, killed.stdout.cancel(), killed.stderr.cancel()]);
    const queued = await dbx([
      "start",
      starts[1].exp,
      "--json",
      "-R",
      repo,
      "--",
      "sh",
      "-c",
      `echo second >> ${folder.path}/on`,
    ], { env });
    const back = await dbx([
      "agent",
      "-R",
      repo,
      "--allow",
      "sh -c **",
      "--once",
      "--name",
      "three",
      "--interval",
      "0.2",
      "--jsonl",
    ], { env });
    assertEquals(back.code, 0, back.stderr);
    assertEquals(await Deno.readTextFile(`${folder.path}/on`), "on\nsecond\n");
    const items = JSON.parse((await dbx(["queue", "ls", "--all", "--json", "-R", repo], { env })).stdout);
    const state = (id: string) => items.find((item: { id: string }) => item.id === id)?.state;
    assertEquals([state(JSON.parse(again.stdout).id), state(JSON.parse(queued.stdout).id)], ["finished", "finished"]);
    const nothing = await dbx(["agent", "-R", repo], { env });
    assertEquals(nothing.code, 2);
  });
}

Deno.test("serve: dbx run is killed: another dbx goes on, sends what comes to the server, and obeys dbx stop [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  await using server = await serve(["--repo", repo, "--listen", "127.0.0.1:0"]);
  const at = { cwd: folder.path, env: { DBX_SPOOL: `${folder.path}/spool` } };
  const script =
    `trap 'echo asked; exit 3' TERM; echo ready; i=0; while [ $i -lt 1200 ]; do i=$((i+1)); sleep 0.05; done`;
  const child = spawn(["run", "-q", "--repo", server.url, "--id-file", "ids", "--", "sh", "-c", script], at);
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  const run = (await Deno.readTextFile(`${folder.path}/ids`)).trim().split("/")[1];
  child.kill("SIGKILL");
  await child.status;
  const ask = async (sql: string) => (await dbx(["query", "--repo", repo, "--format", "csv", sql])).stdout;
  await until(async () => (await ask("select data from events where log = 'dbx'")).includes("adopted"), "it goes on");
  assertEquals((await dbx(["stop", "--repo", server.url, run], at)).code, 0);
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  await until(async () => (await ask("select status from runs")).includes("killed"), "the server knows of the end");
  assert((await ask("select data from events where log = 'stdout'")).includes("asked"));
  const spools = () => Array.fromAsync(Deno.readDir(`${folder.path}/spool`));
  await until(async () => (await spools()).length === 0, "nothing waits");
});

Deno.test("serve: a line for each request says when, what, and which token asked; --jsonl the same [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  const added = await dbx(["token", "add", "ann", "--role", "read", "-R", repo]);
  const [token] = /[\w-]{30,}/.exec(added.stdout)!;
  for (const json of [[], ["--jsonl"]]) {
    await using server = await serve(["-R", repo, "--listen", "127.0.0.1:0", ...json]);
    for (const headers of [{ authorization: `Bearer ${token}` }, undefined]) {
      await (await fetch(`${server.url}/api/v1/files/`, { headers })).text();
    }
    const { stdout } = await server.stop();
    const lines = stdout.trim().split("\n");
    if (json.length > 0) {
      const told = lines.map((line) => JSON.parse(line)).map(({ status, token }) => [status, token]);
      assertEquals(told, [[200, "ann"], [401, undefined]]);
    } else {
      const when = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
      assert(new RegExp(`^${when} 200 GET /api/v1/files/ [\\d.]+ ms 127\\.0\\.0\\.1 ann$`).test(lines[0]), lines[0]);
      assert(new RegExp(`^${when} 401 GET /api/v1/files/ [\\d.]+ ms 127\\.0\\.0\\.1$`).test(lines[1]), lines[1]);
    }
  }
});

Deno.test("serve: a folder for temporary files that is not there is named, with what to do", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  const missing = `${folder.path}/gone`;
  const { code, stderr } = await dbx(["serve", "-R", repo, "--listen", "127.0.0.1:0"], { env: { TMPDIR: missing } });
  assertEquals(code, 1);
  assertEquals(
    stderr,
    `dbx: Cannot make a folder in "${missing}", the folder for temporary files: it does not exist; set TMPDIR to a folder in ` +
      `which you may write\n`,
  );
});
