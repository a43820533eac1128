// An unpacked archive is a git repository with a configuration of its own, and `dbx run` asks git about it: no program that
// the configuration names is started, nothing outside is read, and the diff is a patch.
import { describeGit } from "../../lib/logger/git.ts";
import { safeGit } from "../../lib/logger/safe_git.ts";
import { Redactor } from "../../lib/redact/redactor.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const env = {
  PATH: Deno.env.get("PATH") ?? "",
  HOME: "/nowhere",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

async function git(cwd: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const options = { args, cwd, env, clearEnv: true, stdin: "null" } as const;
  const { code, stdout, stderr } = await new Deno.Command("git", options).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + (code === 0 ? "" : decoder.decode(stderr)) };
}

/** A repository whose file `f` changed after its only commit. */
async function repository(path: string): Promise<string> {
  await Deno.mkdir(path);
  await git(path, "init", "-q", "-b", "work");
  await Deno.writeTextFile(`${path}/f`, "before\n");
  await git(path, "add", "f");
  assertEquals((await git(path, "commit", "-q", "-m", "first")).code, 0);
  await Deno.writeTextFile(`${path}/f`, "after\n");
  return path;
}

/** A program that says by a file that it was started, and where that file would be. */
async function trap(folder: string, name: string, last = "cat"): Promise<{ program: string; sprung: string }> {
  const sprung = `${folder}/sprung-${name.replaceAll(/[^a-z]/gi, "-")}`;
  const program = `${folder}/trap-${name.replaceAll(/[^a-z]/gi, "-")}`;
  await Deno.writeTextFile(program, `#!/bin/sh\ntouch '${sprung}'\n${last} 2>/dev/null\n`, { mode: 0o755 });
  return { program, sprung };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** What a configuration can have git start, and by which of git's own commands that is seen; none where it takes a terminal. */
const TRAPS: readonly {
  name: string;
  config: (program: string) => [string, string][];
  attributes?: string;
  seen?: string[];
}[] = [
  { name: "core.fsmonitor", config: (program) => [["core.fsmonitor", program]], seen: ["status"] },
  { name: "diff.external", config: (program) => [["diff.external", program]], seen: ["diff", "HEAD"] },
  {
    name: "diff.x.command",
    config: (program) => [["diff.x.command", program]],
    attributes: "* diff=x\n",
    seen: ["diff", "HEAD"],
  },
  {
    name: "diff.x.textconv",
    config: (program) => [["diff.x.textconv", program]],
    attributes: "* diff=x\n",
    seen: ["diff", "HEAD"],
  },
  {
    name: "filter.x.clean",
    config: (program) => [["filter.x.clean", program], ["filter.x.required", "true"]],
    attributes: "* filter=x\n",
    seen: ["diff", "HEAD"],
  },
  {
    name: "filter.X y.process",
    config: (program) => [["filter.X y.process", program]],
    attributes: "* filter=X y\n",
  },
  {
    name: "filter.process",
    config: (program) => [["filter.p.process", program]],
    attributes: "* filter=p\n",
  },
  {
    name: "filter with an equals sign",
    config: (program) => [["filter.a=b.clean", program]],
    attributes: "* filter=a=b\n",
    seen: ["diff", "HEAD"],
  },
  {
    name: "core.pager",
    config: (program) => [["core.pager", program], ["pager.diff", program], ["pager.status", program]],
  },
  { name: "core.sshCommand", config: (program) => [["core.sshCommand", program]] },
  { name: "core.askPass", config: (program) => [["core.askPass", program], ["credential.helper", `!${program}`]] },
  { name: "alias", config: (program) => [["alias.status", `!${program}`], ["alias.diff", `!${program}`]] },
];

for (const { name, config, attributes, seen } of TRAPS) {
  Deno.test(`git's ${name} in a repository's configuration starts nothing`, async () => {
    await using folder = await scratch();
    const path = await repository(`${folder.path}/archive`);
    const { program, sprung } = await trap(folder.path, name);
    for (const [key, value] of config(program)) await git(path, "config", key, value);
    if (attributes !== undefined) await Deno.writeTextFile(`${path}/.git/info/attributes`, attributes);
    if (seen !== undefined) {
      // The trap is one: git itself goes into it.
      await git(path, ...seen);
      assert(await isThere(sprung), `git ${seen.join(" ")} starts it`);
      await Deno.remove(sprung);
    }
    await Deno.writeTextFile(`${path}/f`, "again\n");
    const state = await describeGit(path, new Redactor(), "git", env);
    assert(!await isThere(sprung), "it was started");
    if (name.includes("equals")) return assertEquals(state, undefined);
    assertEquals(state?.git.dirty, true);
    assertStringIncludes(new TextDecoder().decode(state?.diff), "-before\n+again\n");
  });
}

/** What only other questions than those of dbx would start: how git itself is led to it, and what it reads then. */
const FURTHER: Readonly<Record<string, { readonly question: readonly string[]; readonly stdin?: string }>> = {
  "core.editor": { question: ["commit", "--amend"] },
  "core.sshCommand": { question: ["ls-remote", "ssh://host.invalid/x"] },
  "core.gitProxy": { question: ["ls-remote", "git://host.invalid/x"] },
  "core.askPass": { question: ["credential", "fill"], stdin: "protocol=https\nhost=host.invalid\n\n" },
  "core.pager": { question: ["log"] },
};

for (const [key, { question, stdin }] of Object.entries(FURTHER)) {
  Deno.test(`git's ${key} in a repository's configuration is not what is gone by, whatever git is asked`, async () => {
    await using folder = await scratch();
    const path = await repository(`${folder.path}/archive`);
    const { program, sprung } = await trap(folder.path, key, "exit 1");
    await git(path, "config", key, program);
    if (key === "core.pager") assertEquals((await git(path, "var", "GIT_PAGER")).text.trim(), program);
    else {
      // The trap is one: git itself goes into it.
      const child = new Deno.Command("git", {
        args: [...question],
        cwd: path,
        env,
        clearEnv: true,
        stdin: "piped",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(stdin ?? "")).catch(() => {});
      await writer.close().catch(() => {});
      await child.status;
      assert(await isThere(sprung), `git ${question.join(" ")} starts it`);
      await Deno.remove(sprung);
    }
    const safe = (await safeGit({ cwd: path, program: "git", env }))!;
    await safe(...question);
    assert(!await isThere(sprung), "it was started");
    const value = new TextDecoder().decode(await safe("config", "--get", key)).trim();
    assert(value !== program, `git goes by ${value}`);
  });
}

Deno.test("git starts programs, where it does, with an environment by which they ask, fetch and write nothing", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const safe = (await safeGit({ cwd: path, program: "git", env }))!;
  const said = new TextDecoder().decode(await safe("-c", "alias.shown=!env", "shown")).split("\n");
  const wanted = [
    "OPTIONAL_LOCKS=0",
    "TERMINAL_PROMPT=0",
    "PAGER=cat",
    "SSH_COMMAND=false",
    "ASKPASS=",
    "NO_LAZY_FETCH=1",
  ];
  for (const setting of [...wanted, "ALLOW_PROTOCOL=none"]) assert(said.includes(`GIT_${setting}`), setting);
});

Deno.test("git's hooks in an archive are not started", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const { program, sprung } = await trap(folder.path, "hook");
  for (const hook of ["post-index-change", "reference-transaction", "pre-auto-gc"]) {
    await Deno.mkdir(`${path}/.git/hooks`, { recursive: true });
    await Deno.copyFile(program, `${path}/.git/hooks/${hook}`);
    await Deno.mkdir(`${folder.path}/hooks`, { recursive: true });
    await Deno.copyFile(program, `${folder.path}/hooks/${hook}`);
  }
  const touch = () => Deno.utime(`${path}/f`, new Date(), new Date());
  await touch();
  await git(path, "status");
  assert(await isThere(sprung), "git status starts it");
  await Deno.remove(sprung);
  await touch();
  assertEquals((await describeGit(path, new Redactor(), "git", env))?.git.dirty, true);
  await git(path, "config", "core.hooksPath", `${folder.path}/hooks`);
  await touch();
  assertEquals((await describeGit(path, new Redactor(), "git", env))?.git.dirty, true);
  assert(!await isThere(sprung));
});

Deno.test("what is missing of a partial clone is not fetched: a remote could be a program", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const { program, sprung } = await trap(folder.path, "ext", "exit 1");
  const settings = {
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::${program} %S`,
    "protocol.ext.allow": "always",
    "protocol.allow": "always",
  };
  for (const [key, value] of Object.entries(settings)) await git(path, "config", key, value);
  const { text: blob } = await git(path, "rev-parse", "HEAD:f");
  await Deno.remove(`${path}/.git/objects/${blob.slice(0, 2)}/${blob.slice(2).trim()}`);
  await git(path, "diff", "HEAD");
  assert(await isThere(sprung), "git diff starts it");
  await Deno.remove(sprung);
  for (const more of [{}, { "remote.origin.url": path, "remote.origin.uploadpack": program }]) {
    for (const [key, value] of Object.entries(more)) await git(path, "config", key, value);
    const state = await describeGit(path, new Redactor(), "git", env);
    assert(!await isThere(sprung));
    assertEquals([state?.git.dirty, state?.diff], [true, undefined]);
  }
});

Deno.test("git in a submodule of an archive is not started under the submodule's configuration", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const inner = await repository(`${path}/inner`);
  await git(path, "add", "inner");
  await git(path, "commit", "-q", "-m", "second");
  const { program, sprung } = await trap(folder.path, "inner");
  await git(inner, "config", "core.fsmonitor", program);
  await git(inner, "config", "diff.external", program);
  await git(path, "config", "diff.submodule", "diff");
  await Deno.writeTextFile(`${inner}/f`, "changed\n");
  await git(path, "diff", "HEAD");
  assert(await isThere(sprung), "git diff starts it");
  await Deno.remove(sprung);
  assertEquals((await describeGit(path, new Redactor(), "git", env))?.git.dirty, true);
  assert(!await isThere(sprung));
});

Deno.test("the diff holds nothing of folders or repositories that an archive only names", async () => {
  await using folder = await scratch();
  const secret = "the private key";
  const home = `${folder.path}/home`;
  await Deno.mkdir(`${home}/.ssh`, { recursive: true });
  await Deno.writeTextFile(`${home}/.ssh/id`, secret);
  // One whose work tree is said to be the home folder, of which it tracks a file.
  const first = await repository(`${home}/archive`);
  await Deno.mkdir(`${first}/.ssh`);
  await Deno.writeTextFile(`${first}/.ssh/id`, "x");
  await git(first, "add", ".ssh/id");
  await git(first, "commit", "-q", "-m", "second");
  await git(first, "config", "core.worktree", home);
  assertStringIncludes((await git(first, "diff", "HEAD")).text, secret);
  // One whose repository is another one, with files that are not there.
  const second = `${home}/other`;
  await Deno.mkdir(second);
  const own = await repository(`${home}/own`);
  await Deno.writeTextFile(`${own}/f`, secret);
  await git(own, "commit", "-q", "-a", "-m", "second");
  await Deno.writeTextFile(`${second}/.git`, `gitdir: ${own}/.git\n`);
  assertStringIncludes((await git(second, "diff", "HEAD")).text, secret);
  // The same by a link.
  const third = `${home}/third`;
  await Deno.mkdir(third);
  await Deno.symlink(`${own}/.git`, `${third}/.git`);
  for (const path of [first, second, third]) {
    const state = await describeGit(path, new Redactor(), "git", env);
    assertEquals([state?.git.dirty, state?.diff], [undefined, undefined], path);
  }
});

Deno.test("linked work trees and submodules have a diff", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/main`);
  await git(path, "worktree", "add", "-q", `${folder.path}/linked`);
  await Deno.writeTextFile(`${folder.path}/linked/f`, "linked\n");
  await git(path, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", path, "inner");
  await Deno.writeTextFile(`${path}/inner/f`, "inner\n");
  for (const [tree, text] of [[`${folder.path}/linked`, "+linked"], [`${path}/inner`, "+inner"], [path, "+after"]]) {
    const state = await describeGit(tree, new Redactor(), "git", env);
    assertStringIncludes(new TextDecoder().decode(state?.diff), text, tree);
  }
});

Deno.test("git.diff is a patch, whatever the configuration says of its looks", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const looks = {
    "color.ui": "always",
    "color.diff": "always",
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.context": "0",
    "diff.relative": "true",
    "diff.wordRegex": ".",
  };
  for (const [key, value] of Object.entries(looks)) await git(path, "config", key, value);
  await Deno.mkdir(`${path}/sub`);
  const state = await describeGit(`${path}/sub`, new Redactor(), "git", env);
  const clean = `${folder.path}/clean`;
  assertEquals((await git(folder.path, "clone", "-q", path, clean)).code, 0);
  await Deno.writeFile(`${folder.path}/git.diff`, state?.diff ?? new Uint8Array());
  assertEquals((await git(clean, "apply", `${folder.path}/git.diff`)).code, 0);
  assertEquals(await Deno.readTextFile(`${clean}/f`), "after\n");
});

Deno.test("dbx run in an unpacked archive starts its command, and nothing that its .git names [slow]", async () => {
  await using folder = await scratch();
  const path = await repository(`${folder.path}/archive`);
  const { program, sprung } = await trap(folder.path, "all");
  for (const { config, attributes } of TRAPS.filter(({ name }) => !name.includes("equals"))) {
    for (const [key, value] of config(program)) await git(path, "config", key, value);
    if (attributes !== undefined) {
      await Deno.writeTextFile(`${path}/.git/info/attributes`, attributes, { append: true });
    }
  }
  const ended = await dbx(["run", "-R", `${folder.path}/r`, "--quiet", "--", "sh", "-c", ":"], { cwd: path, env });
  assertEquals(ended.code, 0, ended.stderr);
  assert(!await isThere(sprung));
  const show = await dbx(["query", "-R", `${folder.path}/r`, "--format", "json", "SELECT git FROM runs"], { env });
  assertStringIncludes(show.stdout, "git.diff", show.stderr);
});
