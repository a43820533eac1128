// The code of a run as it was: kept by dbx run, made again by dbx checkout.
import { openRepository } from "../../lib/logger/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { serveProcess } from "../security/served.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

const SECRET = "sk-" + "abcdefghijklmnopqrstuvwx1234567890ABCD";

async function sh(script: string, cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", { args: ["-ec", script], cwd }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
}

const COMMIT = "git -c user.name=n -c user.email=e@x commit --quiet --message first";

/** A working tree with a commit, changes of text and bytes, new files, ignored files, and a run of it. */
async function project(path: string, repo = `${path}/r`): Promise<void> {
  await sh(
    `mkdir -p p/exp && cd p && git init --quiet -b work
    echo 'print(1)' > exp/train.py; printf 'a\\0b\\n' > bin.dat; echo 'secret/' > .gitignore; ln -s exp linked
    git add . && ${COMMIT}
    echo 'print(2)' > exp/train.py; printf 'a\\0c\\n' > bin.dat; echo staged > staged.txt; git add staged.txt
    mkdir -p deep/er secret; echo 'x = 1' > deep/er/new.py; printf '#!/bin/sh\\n' > go.sh; chmod +x go.sh
    echo 'no' > secret/no.py; echo 1,2 > data.csv; echo 'key = "${SECRET}"' > exp/keys.py; ln -s /etc/passwd evil.py
    head -c 600000 /dev/zero > large.py`,
    path,
  );
  const ran = await dbx(["run", "-R", repo, "--kind", "t", "--", "sh", "-c", "echo done"], { cwd: `${path}/p/exp` });
  assertEquals(ran.code, 0, ran.stderr);
}

Deno.test("dbx checkout: commit, changes and untracked code as they were; secrets and large files are said [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  await project(path);
  const at = { cwd: `${path}/p` };
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", `${path}/r`, "--json=id"])).stdout);
  // What comes afterwards does not count.
  await sh(`echo 'print(3)' > exp/train.py; rm deep/er/new.py go.sh; ${COMMIT} -a; git branch -f other HEAD~1`, at.cwd);
  const made = await dbx(["checkout", id, `${path}/again`, "-R", `${path}/r`], at);
  assertEquals(made.code, 0, made.stderr);
  assertStringIncludes(made.stdout, "uncommitted changes, 3 files that git did not know");
  assertStringIncludes(made.stdout, "secrets were redacted in exp/keys.py");
  assertStringIncludes(made.stdout, "1 file was too large to be kept");
  assertStringIncludes(made.stdout, `cd ${path}/again/exp && dbx run --repo ${path}/r --kind t -- sh -c 'echo done'`);
  const read = (name: string) => Deno.readTextFileSync(`${path}/again/${name}`);
  assertEquals([read("exp/train.py"), read("bin.dat"), read("staged.txt")], ["print(2)\n", "a\0c\n", "staged\n"]);
  assertEquals(read("deep/er/new.py"), "x = 1\n");
  assertEquals(Deno.statSync(`${path}/again/go.sh`).mode! & 0o100, 0o100);
  assert(!read("exp/keys.py").includes(SECRET));
  const names = (await sh("git status --short --untracked-files=all", `${path}/again`)).trim().split("\n");
  assertEquals(names.map((line) => line.trim().replace(/^\S+ +/, "")).sort(), [
    "bin.dat",
    "deep/er/new.py",
    "exp/keys.py",
    "exp/train.py",
    "go.sh",
    "staged.txt",
  ]);
  // Nothing of the secret is anywhere in the repository.
  const grep = await new Deno.Command("grep", { args: ["-r", SECRET, `${path}/r`] }).output();
  assertEquals(grep.code, 1);

  // What the answer says is recorded where the run came from, as the same experiment is called.
  await dbx(["rename", id, "-R", `${path}/r`, "it's"]);
  const named = await dbx(["checkout", id, `${path}/named`, "-R", `${path}/r`], at);
  const advice = / {2}cd .*/.exec(named.stdout)![0].trim();
  assertStringIncludes(advice, `--repo ${path}/r --kind t --name 'it'\\''s' -- sh -c 'echo done'`);
  const [, args] = advice.split(" && dbx ");
  const words = JSON.parse(
    await sh(`json() { deno eval 'console.log(JSON.stringify(Deno.args))' -- "$@"; }; json ${args}`, path),
  );
  const again = await dbx(words, { cwd: `${path}/named/exp` });
  assertEquals(again.code, 0, again.stderr);
  const listed = JSON.parse((await dbx(["ls", "-R", `${path}/r`, "--json=kind,name"])).stdout);
  assertEquals(listed, [{ kind: "t", name: "it's" }, { kind: "t", name: "it's" }]);

  const taken = await dbx(["checkout", id, `${path}/again`, "-R", `${path}/r`], at);
  assertEquals(taken.code, 1);
  assertStringIncludes(taken.stderr, "it is not empty");
  const shown = await dbx(["show", id, "-R", `${path}/r`]);
  assertStringIncludes(shown.stdout, "code:       3 files, 1 more too large to be kept");
  assertStringIncludes(shown.stdout, "machine:    ");
});

Deno.test("dbx checkout: from a server, as a working tree, from a repository that is named, and without any [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  await using server = await serveProcess([], (repo) => project(path, repo));
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", server.path, "--json=id"])).stdout);
  const far = await dbx(["checkout", id, `${path}/tree`, "-R", server.url, "--worktree", "--json"], {
    cwd: `${path}/p`,
  });
  assertEquals(far.code, 0, far.stderr);
  const { changes, files, redacted, commit } = JSON.parse(far.stdout);
  assertEquals([changes, files, redacted], ["applied", 3, ["exp/keys.py"]]);
  assertStringIncludes(await sh("git worktree list", `${path}/p`), `${path}/tree`);
  assertEquals((await sh("git rev-parse HEAD", `${path}/tree`)).trim(), commit);

  await Deno.rename(`${path}/p`, `${path}/moved`);
  const lost = await dbx(["checkout", id, `${path}/b`, "-R", server.path], { cwd: path });
  assertEquals(lost.code, 1);
  assertStringIncludes(
    lost.stderr,
    "no git repository around here has it; name one that has: --from PATH or --from URL",
  );
  assertEquals([...Deno.readDirSync(path)].map(({ name }) => name).sort(), ["moved", "tree"]);
  const named = await dbx(["checkout", id, "b", "-R", server.path, "--from", "moved"], { cwd: path });
  assertEquals(named.code, 0, named.stderr);
  const url = await dbx(["checkout", id, "c", "-R", server.path, "--from", `file://${path}/moved`], { cwd: path });
  assertEquals(url.code, 0, url.stderr);
});

Deno.test("dbx checkout: without git, the script and what is beside it; --no-code keeps nothing [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  await sh("mkdir s; echo 'echo hi' > s/train.sh; echo x > s/other.sh; echo y > s/data.csv", path);
  const ran = await dbx(["run", "-R", `${path}/r`, "--", "sh", `${path}/s/train.sh`], { cwd: path });
  assertEquals(ran.code, 0, ran.stderr);
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", `${path}/r`, "--json=id"])).stdout);
  const made = await dbx(["checkout", id, "out", "-R", `${path}/r`, "--json"], { cwd: path });
  assertEquals(made.code, 0, made.stderr);
  assertEquals(JSON.parse(made.stdout).command, ["sh", `${path}/out/train.sh`]);
  assertEquals([...Deno.readDirSync(`${path}/out`)].map(({ name }) => name).sort(), ["other.sh", "train.sh"]);

  await dbx(["run", "-R", `${path}/b`, "--", "sh", "../s/train.sh"], { cwd: `${path}/out` });
  const [beside] = JSON.parse((await dbx(["ls", "-R", `${path}/b`, "--json=id"])).stdout);
  const other = await dbx(["checkout", beside.id, "out3", "-R", `${path}/b`, "--json"], { cwd: path });
  assertEquals(JSON.parse(other.stdout).command, ["sh", `${path}/out3/train.sh`]);

  await dbx(["run", "-R", `${path}/n`, "--no-code", "--", "sh", `${path}/s/train.sh`], { cwd: path });
  const [none] = JSON.parse((await dbx(["ls", "-R", `${path}/n`, "--json=id"])).stdout);
  const refused = await dbx(["checkout", none.id, "out2", "-R", `${path}/n`], { cwd: path });
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "no commit of git and no files of code");
  await Deno.stat(`${path}/out2`).then(() => assert(false), () => {});
});

Deno.test("dbx checkout: a record that somebody made up leads nowhere else [slow]", async () => {
  for (const name of ["../out.py", "/etc/x.py", ".git/hooks/post-checkout", "a/../../x.py", "sub/.ssh/k.py"]) {
    await using folder = await scratch();
    const { path } = folder;
    const repo = await openRepository(`${path}/r`);
    const experiment = await repo.experiment({ kind: "k" });
    const run = await experiment.run({ git: false, env: false });
    const file = await run.file("x", new TextEncoder().encode("evil"));
    run.openLog("code").log("dbx/file", { name: `code/${name}`, size: 4, file: { ...file, name: `code/${name}` } });
    await run.finish();
    const made = await dbx(["checkout", experiment.id, "d", "-R", `${path}/r`], { cwd: path });
    assertEquals(made.code, 2, name);
    assertStringIncludes(made.stderr, "Cannot write a file");
    assertEquals([...Deno.readDirSync(path)].map((entry) => entry.name).sort(), ["r"], name);
  }
});

Deno.test("dbx checkout: a commit is a name of one, and never an option of git", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const repo = await openRepository(`${path}/r`);
  const experiment = await repo.experiment({ kind: "k" });
  const run = await experiment.run({ git: false, env: false, extra: {} });
  await run.finish();
  const file = `${run.dir}/meta.json`;
  const definition = JSON.parse(await Deno.readTextFile(file));
  await Deno.writeTextFile(file, JSON.stringify({ ...definition, git: { commit: "--upload-pack=touch evil" } }));
  const made = await dbx(["checkout", experiment.id, "d", "-R", `${path}/r`], { cwd: path });
  assertEquals(made.code, 1);
  assertStringIncludes(made.stderr, "no commit of git");
});

Deno.test("dbx checkout: changes that no longer apply are left beside the commit, and that is a failure", async () => {
  await using folder = await scratch();
  const { path } = folder;
  await sh(
    `mkdir p && cd p && git init --quiet -b work && printf 'a = "${SECRET}"\\nb = 1\\n' > f.py && git add . && ${COMMIT}
    printf 'a = "${SECRET}"\\nb = 2\\n' > f.py`,
    path,
  );
  const ran = await dbx(["run", "-R", `${path}/r`, "--", "true"], { cwd: `${path}/p` });
  assertEquals(ran.code, 0, ran.stderr);
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", `${path}/r`, "--json=id"])).stdout);
  const made = await dbx(["checkout", id, "d", "-R", `${path}/r`, "--from", "p"], { cwd: path });
  assertEquals(made.code, 1);
  assertStringIncludes(made.stdout, "the uncommitted changes do not apply");
  assertStringIncludes(await Deno.readTextFile(`${path}/d/uncommitted.diff`), "+b = 2");
  assertStringIncludes(await Deno.readTextFile(`${path}/d/f.py`), "b = 1");
});

Deno.test("dbx checkout: killed at any moment, its folder is whole or not there [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  await project(path);
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", `${path}/r`, "--json=id"])).stdout);
  for (let at = 0; at < 12; at++) {
    const target = `${path}/k${at}`;
    const child = spawn(["checkout", id, target, "-R", `${path}/r`], { cwd: `${path}/p` });
    const timer = setTimeout(() => child.kill("SIGKILL"), 40 + at * 60);
    await child.output().finally(() => clearTimeout(timer));
    const there = await Deno.stat(target).then(() => true, () => false);
    if (there) assertEquals(await Deno.readTextFile(`${target}/deep/er/new.py`), "x = 1\n");
  }
});
