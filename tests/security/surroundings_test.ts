// dbx is started among files that somebody else put into the working folder, the home folder and the folder for temporary
// files. None of them is obeyed, run, or even noticed. With DBX_BINARY it is the executable that is tested, also as another user.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { DBX, dbx, type Ended, scratch } from "../e2e/dbx.ts";

const NOBODY = 65534;
const OTHER = 65533;
const isBinary = DBX.length === 1;
const isRoot = Deno.uid() === 0;

/** Files that programs of many kinds look for where they are started, or at home. */
async function layTraps(cwd: string, home: string, tmp: string, sprung: string): Promise<void> {
  const evil = `require("node:fs").writeFileSync(${JSON.stringify(sprung)}, "");`;
  const module = `Deno.writeTextFileSync(${JSON.stringify(sprung)}, "");`;
  const files: Record<string, string> = {
    [`${cwd}/deno.json`]: JSON.stringify({ imports: { yaml: "./evil.ts" }, preload: ["./evil.ts"], lock: true }),
    [`${cwd}/deno.lock`]: "{",
    [`${cwd}/evil.ts`]: module,
    [`${cwd}/tsconfig.json`]: "{",
    [`${cwd}/package.json`]: JSON.stringify({ type: "commonjs", imports: { "#x": "./evil.ts" }, main: "./evil.js" }),
    [`${cwd}/.npmrc`]: "registry=http://127.0.0.1:1/\n//127.0.0.1:1/:_authToken=x\n",
    [`${cwd}/.env`]: `DBX_REPO=${cwd}/evil\nNODE_OPTIONS=--require=${cwd}/evil.js\n`,
    [`${cwd}/evil.js`]: evil,
    [`${cwd}/dbx.json`]: `{"dbx":1,"id":"0000000000evl","createdAt":1}\n`,
    [`${cwd}/.dbx/config.json`]: JSON.stringify({
      remotes: { origin: { url: `ssh://-oProxyCommand=touch ${sprung}/x` } },
    }),
    [`${cwd}/.dbx/index/manifest.json`]: "{",
    [`${home}/.npmrc`]: "registry=http://127.0.0.1:1/\n",
    [`${home}/deno.json`]: "{",
    [`${home}/.config/dbx/trusted.json`]: `{"folders":["/"]}`,
  };
  for (const name of ["yaml", "smol-toml", "get-east-asian-width"]) {
    files[`${cwd}/node_modules/${name}/package.json`] = JSON.stringify({ name, version: "9.0.0", main: "index.js" });
    files[`${cwd}/node_modules/${name}/index.js`] = evil;
  }
  for (const [path, text] of Object.entries(files)) {
    // From source, the runtime fetches packages as its user's own settings say.
    if (path.endsWith("/.npmrc") && !isBinary) continue;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  for (const name of ["git", "sh", "nvidia-smi", "true", "ssh", "dbx"]) {
    await Deno.writeTextFile(`${cwd}/${name}`, `#!/bin/sh\n: > '${sprung}'\n`, { mode: 0o755 });
  }
  // Where a runtime keeps bytecode.
  for (const name of ["dbx.cache", "deno-compile-dbx.cache", "deno-compile-dbx/0", "v8-compile-cache/0"]) {
    await Deno.mkdir(`${tmp}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${tmp}/${name}`, "evil");
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesBelow(`${folder}/${name}`));
    else found.push(`${folder}/${name}`);
  }
  return found.sort();
}

/** The same command lines; what they print, without what differs each time. */
async function answers(run: (...words: string[]) => Promise<Ended>, repo: string, params: string): Promise<string> {
  const lines: string[] = [];
  const ended = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(...words);
    lines.push(
      `${words[0]} ${code} ${stdout} ${stderr}`.replaceAll(repo, "<repo>").replaceAll(/[0-9a-z]{13}/g, "<id>"),
    );
  };
  await ended("--version");
  await ended("init", repo);
  await ended("run", "-R", repo, "-q", "--params", params, "--kind", "k", "--", "echo", "x");
  await ended("query", "-R", repo, "--format", "csv", "SELECT kind, params FROM experiments");
  await ended("ls", "-R", repo, "--json", "--cols", "kind");
  return lines.join("\n");
}

Deno.test("hostile files in the working folder, at home and in the folder for temporary files change nothing [slow]", async () => {
  await using folder = await scratch();
  const [cwd, home, tmp, sprung] = ["cwd", "home", "tmp", "sprung"].map((name) => `${folder.path}/${name}`);
  const params = `${folder.path}/params.yaml`;
  await Deno.writeTextFile(params, "a: 1\n");
  for (const name of ["clean", "clean-home", "clean-tmp", "cwd", "home", "tmp"]) {
    await Deno.mkdir(`${folder.path}/${name}`);
  }
  const variables = (own: string, temporary: string) => ({
    HOME: own,
    TMPDIR: temporary,
    XDG_CACHE_HOME: `${own}/.cache`,
    XDG_CONFIG_HOME: "",
    ...isBinary ? {} : { DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno` },
  });
  const clean = variables(`${folder.path}/clean-home`, `${folder.path}/clean-tmp`);
  const wanted = await answers(
    (...words) => dbx(words, { cwd: `${folder.path}/clean`, env: clean }),
    `${folder.path}/r1`,
    params,
  );
  assertStringIncludes(wanted, "k,");
  assertEquals(await filesBelow(`${folder.path}/clean-tmp`), [], "dbx keeps nothing in the folder for temporary files");
  await layTraps(cwd, home, tmp, sprung);
  if (isRoot) {
    for (const path of [cwd, home, tmp]) {
      await new Deno.Command("chown", { args: ["-R", `${OTHER}:${OTHER}`, path] }).output();
    }
  }
  const before = await filesBelow(tmp);
  const env = variables(home, tmp);
  assertEquals(await answers((...words) => dbx(words, { cwd, env }), `${folder.path}/r2`, params), wanted);
  assertEquals(await filesBelow(tmp), before);
  await assertAbsent(sprung);
  // The dbx.json of another user is refused, whatever that user says of trust.
  if (isRoot) assertStringIncludes((await dbx(["ls"], { cwd, env })).stderr, "belongs to another user");
});

Deno.test("the executable, run by another user among files of a third one", async (test) => {
  await test.step({
    name: "as another user",
    ignore: !isRoot || !isBinary,
    fn: async () => {
      await using folder = await scratch();
      await Deno.chmod(folder.path, 0o777);
      const [cwd, home, tmp, sprung] = ["cwd", "home", "tmp", "sprung"].map((name) => `${folder.path}/${name}`);
      const binary = `${folder.path}/dbx`;
      await Deno.copyFile(DBX[0], binary);
      await Deno.chmod(binary, 0o755);
      for (const path of [cwd, home, tmp]) await Deno.mkdir(path);
      await layTraps(cwd, `${cwd}/home`, tmp, sprung);
      for (const path of [cwd, tmp]) {
        await new Deno.Command("chown", { args: ["-R", `${OTHER}:${OTHER}`, path] }).output();
      }
      await Deno.chmod(tmp, 0o1777);
      await Deno.chown(home, NOBODY, NOBODY);
      const run = async (...words: string[]): Promise<Ended> => {
        const who = ["--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
        const env = { HOME: home, TMPDIR: tmp, PATH: Deno.env.get("PATH") ?? "", NO_COLOR: "1" };
        const options: Deno.CommandOptions = {
          stdin: "null",
          args: [...who, binary, ...words],
          cwd,
          env,
          clearEnv: true,
        };
        const { code, stdout, stderr } = await new Deno.Command("setpriv", options).output();
        const decoder = new TextDecoder();
        return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), bytes: stdout };
      };
      const before = await filesBelow(tmp);
      assertEquals((await run("--version")).code, 0);
      assertStringIncludes((await run("ls")).stderr, "belongs to another user");
      const ended = await run("run", "-R", `${home}/r`, "-q", "--", "echo", "x");
      assertEquals([ended.code, ended.stdout], [0, "x\n"], ended.stderr);
      assertEquals((await run("ls", "-R", `${home}/r`)).code, 0);
      assertEquals(await filesBelow(tmp), before);
      await assertAbsent(sprung);
    },
  });
  if (!isRoot || !isBinary) console.log("  skipped: it needs root, setpriv, and the executable in DBX_BINARY");
});

async function assertAbsent(path: string): Promise<void> {
  assert(await Deno.lstat(path).then(() => false, () => true), `${path} is there: something was started`);
}
