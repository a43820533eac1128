import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { DBX, dbx, scratch, spawn } from "./dbx.ts";

/** A repository with some experiments of `dbx log` and `dbx run`. */
async function repository(cwd: string, name = "a"): Promise<string> {
  const repo = `${cwd}/${name}`;
  await dbx(["init", repo]);
  await Deno.writeTextFile(`${cwd}/train.sh`, `echo '{"event":"train","loss":0.5}'\n`);
  await dbx(["run", "-q", "-R", repo, "--kind", "train", "--param", "lr=0.1", "--", "sh", "train.sh"], { cwd });
  await dbx(["log", "-q", "-R", repo, "note", "x=1"], { cwd });
  return repo;
}

/** All files of a copy and what they hold. */
async function holdings(repo: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of Deno.readDirSync(folder)) {
      if (entry.name.startsWith(".")) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      else found.push(`${path.slice(repo.length)} ${await Deno.readTextFile(path)}`);
    }
  };
  await walk(repo);
  return found.sort();
}

/** `dbx serve` on a free port. */
async function serve(repo: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(["serve", "--create", "-R", repo, "--listen", "127.0.0.1:0", ...args], { env });
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(new TextDecoder().decode((await child.stderr.getReader().read()).value));
    text += value;
  }
  const url = /http:\/\/\S+/.exec(text)![0];
  const drained = (async () => {
    while (!(await lines.read()).done);
  })();
  return {
    url,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await drained;
      await child.stderr.cancel();
      const { code } = await child.status;
      assert(code === 143 || code === 0, `serve ended with ${code}`);
      await child.stdin.close().catch(() => {});
    },
  };
}

Deno.test("clone, pull, push, sync, remote: between folders [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  const cloned = await dbx(["clone", "a", "b"], { cwd });
  assertEquals(cloned.code, 0, cloned.stderr);
  assertMatch(cloned.stdout, /files, .*, 2 new experiments: /);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
  assertEquals((await dbx(["pull"], { cwd: `${cwd}/b` })).stdout, "already up to date\n");
  await dbx(["log", "-q", "-R", "b", "more", "y=2"], { cwd });
  const planned = JSON.parse((await dbx(["push", "-R", "b", "--dry-run", "--json"], { cwd })).stdout);
  assertEquals([planned.sent.experiments, planned.sent.planned.length], [1, 4]);
  assertEquals((await holdings(a)).length + 4, (await holdings(`${cwd}/b`)).length);
  const pushed = JSON.parse((await dbx(["push", "-R", "b", "--json"], { cwd })).stdout);
  assertEquals([pushed.sent.files, pushed.setbacks], [4, []]);
  await dbx(["log", "-q", "-R", "a", "here", "y=2"], { cwd });
  await dbx(["log", "-q", "-R", "b", "there", "y=2"], { cwd });
  assertEquals((await dbx(["sync", "a", "b"], { cwd })).stdout.split("\n").length, 3);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));

  assertEquals(
    (await dbx(["remote", "ls", "--format", "tsv", "--no-header"], { cwd: `${cwd}/b` })).stdout,
    `origin\t${a}\ttrue\n`,
  );
  assertEquals((await dbx(["remote", "add", "share", "../c"], { cwd: `${cwd}/b` })).code, 0);
  assertStringIncludes((await dbx(["remote", "add", "share", "x"], { cwd: `${cwd}/b` })).stderr, "exists already");
  assertEquals((await dbx(["push", "share"], { cwd: `${cwd}/b` })).code, 0);
  assertEquals(await holdings(`${cwd}/c`), await holdings(a));
  assertEquals((await dbx(["remote", "rm", "share"], { cwd: `${cwd}/b` })).code, 0);
  const typo = await dbx(["push", "-R", "a"], { cwd });
  assertEquals(typo.code, 2);
  assertStringIncludes(typo.stderr, "dbx remote add origin LOCATION");
  assertStringIncludes((await dbx(["clone", "a", "b2", "--kind", "train"], { cwd })).stdout, "1 new experiment");
  const full = await dbx(["clone", "a", "c"], { cwd });
  assertEquals(full.code, 1);
  assertStringIncludes(full.stderr, "not empty");
  const none = await dbx(["clone", "nothing", "d"], { cwd });
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr, "does not exist");
  assertEquals((await dbx(["check", "-R", "c", "--read-data"], { cwd })).code, 0);
});

Deno.test("sync: a log that diverged is named on stderr, and the exit code is 1 [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  await dbx(["clone", "a", "b"], { cwd });
  const [line] = (await holdings(a)).filter((line) => line.includes("/log.jsonl "));
  const log = line.split(" ")[0];
  await Deno.writeTextFile(`${a}${log}`, `{"event":"one"}\n`, { append: true });
  await Deno.writeTextFile(`${cwd}/b${log}`, `{"event":"two"}\n`, { append: true });
  const ended = await dbx(["sync", "a", "b"], { cwd });
  assertEquals(ended.code, 1);
  assertStringIncludes(ended.stderr, `${log.slice(1)} (diverged)`);
  assertStringIncludes(await Deno.readTextFile(`${a}${log}`), "one");
  assertStringIncludes(await Deno.readTextFile(`${cwd}/b${log}`), "two");
});

Deno.test("rm, restore, gc: deleted everywhere, restored everywhere, collected where it is asked for [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  await Deno.writeTextFile(`${cwd}/file.sh`, `echo weights-$1 > w; cat w`);
  await dbx(["clone", "a", "b"], { cwd });
  const ids = (await dbx(["ls", "-R", "a", "--cols", "id", "--kind", "train"], { cwd })).stdout.trim().split("\n");
  const id = ids[1].trim();
  assertStringIncludes((await dbx(["rm", "-R", "b", id], { cwd })).stdout, "deleted");
  assertStringIncludes((await dbx(["rm", "-R", "b", id], { cwd })).stdout, "already");
  await dbx(["sync"], { cwd: `${cwd}/b` });
  const listed = async (repo: string) => JSON.parse((await dbx(["ls", "-R", repo, "--json"], { cwd })).stdout).length;
  assertEquals([await listed("a"), await listed("b")], [1, 1]);
  const soon = JSON.parse((await dbx(["gc", "-R", "b", "--json"], { cwd })).stdout);
  assertEquals(soon.removed.experiments, []);
  const dry = JSON.parse((await dbx(["gc", "-R", "b", "--older-than", "0s", "--dry-run", "--json"], { cwd })).stdout);
  assertEquals(dry.planned.experiments.map((one: { id: string }) => one.id), [id]);
  assertEquals(dry.removed.files, 0);
  const before = (await holdings(`${cwd}/b`)).length;
  const done = JSON.parse((await dbx(["gc", "-R", "b", "--older-than", "0s", "--json"], { cwd })).stdout);
  assertEquals(done.removed.experiments, [id]);
  assert(done.removed.files >= dry.planned.experiments[0].files);
  assertEquals((await holdings(`${cwd}/b`)).length, before - done.removed.files);
  for (const way of ["push", "pull", "sync"]) {
    assertEquals((await dbx([way, "-R", "b", a], { cwd })).stdout, "already up to date\n");
  }
  assertEquals((await dbx(["check", "-R", "b"], { cwd })).code, 0);
  const restored = await dbx(["restore", "-R", "b", id], { cwd });
  assertStringIncludes(restored.stderr, "synchronise with a copy that has them");
  await dbx(["sync"], { cwd: `${cwd}/b` });
  assertEquals([await listed("a"), await listed("b")], [2, 2]);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
});

Deno.test("serve: clone, push, follow; a token, and what it refuses [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  const open = await dbx(["serve", "-R", "a", "--listen", "0.0.0.0:0"], { cwd });
  assertEquals(open.code, 2);
  assertStringIncludes(open.stderr, "without a token");
  await Deno.writeTextFile(`${cwd}/token`, "a token that is long enough\n");
  await using server = await serve(a, ["--token-file", `${cwd}/token`]);
  const refused = await dbx(["clone", server.url, "b"], { cwd });
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "a token is needed");
  const wrong = await dbx(["clone", server.url, "b"], { cwd, env: { DBX_TOKEN: "wrong" } });
  assertStringIncludes(wrong.stderr, "the token is wrong");
  await dbx(["clone", server.url, "b", "--token-file", "token"], { cwd });
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
  assertEquals((await Deno.readTextFile(`${cwd}/b/.dbx/config.json`)).includes("long enough"), false);
  await dbx(["log", "-q", "-R", "b", "more", "y=2"], { cwd });
  // The token is not kept with the repository.
  assertStringIncludes((await dbx(["push"], { cwd: `${cwd}/b` })).stderr, "a token is needed");
  const login = await dbx(["login", server.url, "--token-file", "token"], { cwd });
  assertEquals(login.code, 0, login.stderr);
  assertEquals((await dbx(["push"], { cwd: `${cwd}/b` })).code, 0);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
  // Conditions are answered for what is far, too.
  const some = await dbx(["clone", server.url, "c", "--token-file", "token", "--where", "params.lr = 0.1"], { cwd });
  assertStringIncludes(some.stdout, "1 new experiment");
  const loss = await dbx(["clone", server.url, "d", "--token-file", "token", "--where", "min:loss < 1"], { cwd });
  assertStringIncludes(loss.stdout, "1 new experiment");
  // What is written here is there within a second.
  const watching = spawn(["push", "-R", `${cwd}/b`, "--watch", "--json"]);
  const reader = watching.stdout.getReader();
  await reader.read();
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  const [log] = (await holdings(`${cwd}/b`)).filter((line) => line.includes("/log.jsonl ")).map((line) =>
    line.split(" ")[0]
  );
  for (let turn = 0; turn < 3; turn++) {
    await Deno.writeTextFile(`${cwd}/b${log}`, `{"event":"late","turn":${turn}}\n`, { append: true });
    const from = Date.now();
    while (!(await Deno.readTextFile(`${a}${log}`)).includes(`"turn":${turn}`)) {
      assert(Date.now() - from < 10_000, "it does not come");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  watching.kill("SIGINT");
  await drained;
  await watching.stderr.cancel();
  assertEquals((await watching.status).code, 130);
  await watching.stdin.close().catch(() => {});
  const gone = await dbx(["pull", "http://127.0.0.1:9"], { cwd: `${cwd}/b` });
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, "Cannot reach http://127.0.0.1:9");
});

const hasCurl = await new Deno.Command("curl", { args: ["--version"] }).output().then(() => true, () => false);
if (!hasCurl) console.log("skipped: the server as curl sees it; on Debian: apt-get install curl");
Deno.test("serve: HTTP as it is described, by curl [slow]", { ignore: !hasCurl }, async () => {
  await using folder = await scratch();
  const a = await repository(folder.path);
  await using server = await serve(a);
  const curl = async (...args: string[]) => {
    const { stdout } = await new Deno.Command("curl", { args: ["-s", ...args] }).output();
    return new TextDecoder().decode(stdout);
  };
  assertStringIncludes(await curl(`${server.url}/api/v1/files/`), `{"name":"dbx.json","kind":"file"}`);
  assertStringIncludes(await curl(`${server.url}/api/v1/files/dbx.json`), `{"dbx":1`);
  assertEquals((await curl("-r", "1-5", `${server.url}/api/v1/files/dbx.json`)).length, 5);
  const lines = (await curl("-X", "POST", "-H", "dbx-protocol: 1", `${server.url}/api/v1/sync/inventory`)).trim().split(
    "\n",
  );
  assertEquals(JSON.parse(lines.at(-1)!).end, lines.length - 2);
  assertStringIncludes(await curl("-H", "Host: evil.example", `${server.url}/api/v1/files/`), "error");
});

Deno.test("sync: over a pipe that a program opens, as ssh does [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  // Like ssh: the last argument is a command line for the shell of the far side.
  await Deno.writeTextFile(`${cwd}/far`, `#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n`, { mode: 0o755 });
  const env = { DBX_SSH: `${cwd}/far -q`, DBX_REMOTE_DBX: DBX.join(" ") };
  const cloned = await dbx(["clone", `ssh://user@host:2222${a}`, "b"], { cwd, env });
  assertEquals(cloned.code, 0, cloned.stderr);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
  await dbx(["log", "-q", "-R", "b", "more", "y=2"], { cwd });
  assertEquals((await dbx(["push"], { cwd: `${cwd}/b`, env })).code, 0);
  assertEquals(await holdings(`${cwd}/b`), await holdings(a));
  const odd = `${cwd}/it's new; rm -rf x`;
  assertEquals((await dbx(["push", `host:${odd}`], { cwd: `${cwd}/b`, env })).code, 0);
  assertEquals(await holdings(odd), await holdings(a));
  const failing = await dbx(["pull", `host:${a}`], { cwd: `${cwd}/b`, env: { ...env, DBX_REMOTE_DBX: "no-such-dbx" } });
  assertEquals(failing.code, 1);
  assertStringIncludes(failing.stderr, "--remote-dbx");
  const option = await dbx(["pull", "-oProxyCommand=evil:x"], { cwd: `${cwd}/b`, env });
  assertEquals(option.code, 2);
  const dash = await dbx(["pull", "ssh://-oProxyCommand=evil/x"], { cwd: `${cwd}/b`, env });
  assertStringIncludes(dash.stderr, "does not begin with a dash");
});

const SSHD = "/usr/sbin/sshd";
const hasSshd = await Deno.stat(SSHD).then(() => true, () => false);
if (!hasSshd) console.log("skipped: sync over ssh needs an ssh server; on Debian: apt-get install openssh-server");
Deno.test({
  name: "sync: over ssh [slow]",
  ignore: !hasSshd,
  async fn() {
    await using folder = await scratch();
    const cwd = folder.path;
    const a = await repository(cwd);
    const run = async (...words: string[]) => {
      const { success, stderr } = await new Deno.Command(words[0], { args: words.slice(1), stdin: "null" }).output();
      assert(success, new TextDecoder().decode(stderr));
    };
    await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${cwd}/host`);
    await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${cwd}/key`);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    await Deno.writeTextFile(
      `${cwd}/sshd_config`,
      `ListenAddress 127.0.0.1\nPort ${port}\nHostKey ${cwd}/host\nAuthorizedKeysFile ${cwd}/key.pub\nStrictModes no\n` +
        `UsePAM no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin yes\n`,
    );
    await Deno.mkdir("/run/sshd", { recursive: true });
    const server = new Deno.Command(SSHD, {
      args: ["-D", "-e", "-f", `${cwd}/sshd_config`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const ssh =
        `ssh -i ${cwd}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=${cwd}/known -o BatchMode=yes -q`;
      const env = { DBX_SSH: ssh, DBX_REMOTE_DBX: DBX.join(" ") };
      const { promise, resolve } = Promise.withResolvers<void>();
      const ready = setInterval(async () => {
        try {
          (await Deno.connect({ hostname: "127.0.0.1", port })).close();
          resolve();
        } catch {
          // It is not listening yet.
        }
      }, 50);
      await promise;
      clearInterval(ready);
      const cloned = await dbx(["clone", `ssh://127.0.0.1:${port}${a}`, "b"], { cwd, env });
      assertEquals(cloned.code, 0, cloned.stderr);
      assertEquals(await holdings(`${cwd}/b`), await holdings(a));
      await dbx(["log", "-q", "-R", "b", "more", "y=2"], { cwd });
      assertEquals((await dbx(["sync"], { cwd: `${cwd}/b`, env })).code, 0);
      assertEquals(await holdings(`${cwd}/b`), await holdings(a));
    } finally {
      server.kill("SIGTERM");
      await server.status;
    }
  },
});

Deno.test("sync: a target that is full, read-only, or removed meanwhile [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const a = await repository(cwd);
  const [line] = (await holdings(a)).filter((line) => line.includes("/log.jsonl "));
  const log = `${a}${line.split(" ")[0]}`;
  await Deno.writeTextFile(log, `{"event":"x","text":"${"y".repeat(1000)}"}\n`.repeat(6000), { append: true });
  await Deno.mkdir(`${cwd}/small`);
  const quoted = DBX.map((word) => `'${word}'`).join(" ");
  const inside = async (script: string) => {
    const command = new Deno.Command("unshare", {
      args: ["-rm", "sh", "-c", script],
      env: { DBX_REPO: "", NO_COLOR: "1" },
      cwd,
      stdin: "null",
    });
    const { code, stderr } = await command.output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  };
  const mount = `mount -t tmpfs -o size=3m tmpfs small || exit 99`;
  const check =
    `set -e; for f in $(cd small && find . -name '*.jsonl'); do cmp -n $(stat -c %s small/$f) small/$f a/$f; done`;
  const full = await inside(`${mount}; ${quoted} push -R a small --create; code=$?; (${check}) || exit 98; exit $code`);
  if (full.code === 99 || full.stderr.includes("unshare")) {
    console.log("skipped: no right to mount a small file system here");
  } else {
    assertEquals(full.code, 1, full.stderr);
    assertStringIncludes(full.stderr, "the disk is full");
    await dbx(["push", "-R", "a", "small", "--create"], { cwd });
    await Deno.writeTextFile(log, `{"event":"new"}\n`, { append: true });
    const closed = await inside(
      `mount --bind small small && mount -o remount,bind,ro small || exit 99; ${quoted} push -R a small`,
    );
    assertEquals(closed.code, 1, closed.stderr);
    assertStringIncludes(closed.stderr, "is mounted read-only");
    assertEquals((await dbx(["push", "-R", "a", "small"], { cwd })).code, 0);
    assertEquals(await holdings(`${cwd}/small`), await holdings(a));
  }
  const slow = spawn(["push", "-R", a, `${cwd}/gone`, "--create", "--limit", "500k"]);
  const seen = () => Deno.stat(`${cwd}/gone/${line.split(" ")[0]}`).then(() => true, () => false);
  while (!await seen()) await new Promise((resolve) => setTimeout(resolve, 20));
  await Deno.remove(`${cwd}/gone`, { recursive: true });
  const { code, stderr } = await slow.output();
  await slow.stdin.close().catch(() => {});
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), "the folder no longer exists");
  assertEquals(await Deno.stat(`${cwd}/gone`).then(() => true, () => false), false);
});

Deno.test("push, sync: what is neither a remote nor a repository makes no folder, and is told with the remotes that there are [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await repository(cwd);
  const isThere = (path: string) => Deno.stat(`${cwd}/${path}`).then(() => true, () => false);
  const none = await dbx(["push", "-R", "a", "origim"], { cwd });
  assertEquals([none.code, await isThere("origim")], [1, false]);
  assertStringIncludes(
    none.stderr,
    `Cannot find "origim": it is not a remote, and there is no repository at ${cwd}/origim`,
  );
  assertStringIncludes(none.stderr, "there are no remotes");
  await dbx(["remote", "-R", "a", "add", "origin", "b"], { cwd });
  await dbx(["remote", "-R", "a", "add", "lab", "http://localhost:1"], { cwd });
  for (const way of ["push", "pull", "sync"]) {
    const { code, stderr, stdout } = await dbx([way, "-R", "a", "origim"], { cwd });
    assertEquals([code, stdout, await isThere("origim")], [1, "", false]);
    assertStringIncludes(stderr, `did you mean "origin"?`);
    assertEquals(stderr.includes("--create"), way !== "pull");
  }
  assertStringIncludes((await dbx(["push", "-R", "a", "zzz"], { cwd })).stderr, "the remotes are origin, lab");
  assertEquals((await dbx(["sync", "a", "zzz"], { cwd })).code, 1);
  // A folder that holds something else is no repository either.
  await Deno.mkdir(`${cwd}/code`);
  await Deno.writeTextFile(`${cwd}/code/train.py`, "");
  assertEquals((await dbx(["push", "-R", "a", "code"], { cwd })).code, 1);
  assertEquals([...Deno.readDirSync(`${cwd}/code`)].map(({ name }) => name), ["train.py"]);
  // A remote, and a path that one says so of, may be made.
  assertEquals((await dbx(["push", "-R", "a"], { cwd })).code, 0);
  assertEquals((await dbx(["push", "-R", "a", "c", "--create"], { cwd })).code, 0);
  assertEquals((await dbx(["sync", "a", "d", "--create"], { cwd })).code, 0);
  for (const copy of ["b", "c", "d"]) assertEquals(await isThere(`${copy}/dbx.json`), true);
});

Deno.test("clone, push, sync: a copy inside its source, or around it, is refused, also through links [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await repository(cwd);
  await Deno.mkdir(`${cwd}/a/backup`);
  await Deno.symlink(`${cwd}/a`, `${cwd}/link`);
  const before = await holdings(`${cwd}/a`);
  for (
    const args of [
      ["clone", "a", "a/backup"],
      ["clone", "a", "a/new/backup"],
      ["clone", "link", "a/backup"],
      ["clone", "a", "link/other"],
      ["clone", "a", "."],
      ["push", "-R", "a", "a/backup", "--create"],
      ["sync", "a", "a/backup", "--create"],
      ["sync", "a/backup", "a"],
      ["sync", "-R", "a", "link"],
      ["pull", "-R", "a", "link"],
    ]
  ) {
    const { code, stderr } = await dbx(args, { cwd });
    assertEquals(code, 2, `${args.join(" ")}: ${stderr}`);
    assert(/lies inside|are the same folder/.test(stderr), stderr);
  }
  assertEquals(await holdings(`${cwd}/a`), before);
  assertEquals([...Deno.readDirSync(`${cwd}/a/backup`)], []);
  assertEquals(await Deno.stat(`${cwd}/a/new`).then(() => true, () => false), false);
});

Deno.test("push: a signal that arrives twice leaves no temporary files [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const write = 'for at in $(seq 80); do head -c 200000 /dev/urandom > "$DBX_FILES/$at"; done';
  await dbx(["run", "-q", "-R", "a", "--", "sh", "-c", write], { cwd });
  const child = spawn(["push", "-R", "a", "--create", "b", "--limit", "3M"], { cwd });
  const temporary = (below = `${cwd}/b`): string[] => {
    try {
      return Array.from(Deno.readDirSync(below)).flatMap(({ name, isDirectory }) =>
        isDirectory ? temporary(`${below}/${name}`) : name.startsWith(".tmp-") ? [name] : []
      );
    } catch {
      return []; // It is not there, or not any longer.
    }
  };
  const end = Date.now() + 20_000;
  while (temporary().length < 30) {
    assert(Date.now() < end, "nothing is sent");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGINT");
  // So long that the first one is not pending any longer.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  child.kill("SIGINT");
  await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  assertEquals((await child.status).code, 130);
  await child.stdin.close().catch(() => {});
  assertEquals(temporary(), []);
});
