// On a terminal the runtime asks a person whenever a worker touches what it may not. None of these may make it ask.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** A machine on which nothing is as usual: a home without anything, programs behind folders that cannot be read or are not there. */
async function oddMachine(folder: string): Promise<Record<string, string>> {
  const env = await dbxOnPath(folder);
  await Deno.mkdir(`${folder}/empty`);
  await Deno.mkdir(`${folder}/tools`);
  await Deno.mkdir(`${folder}/home`);
  const smi = '#!/bin/sh\ncase "$1" in *=index) echo 0 ;; *) echo "0, 50, 100, 200, 60, 70.5" ;; esac\n';
  await Deno.writeTextFile(`${folder}/tools/nvidia-smi`, smi, { mode: 0o755 });
  await Deno.writeTextFile(`${folder}/tools/far`, `#!/bin/sh\nshift 2\nexec sh -c "$*"\n`, { mode: 0o755 });
  const path = [`${folder}/missing`, `${folder}/empty`, "", `${folder}/tools`, env.PATH].join(":");
  const { XDG_CACHE_HOME: _cache, DBX_SPOOL: _spool, ...others } = env;
  return { ...others, HOME: `${folder}/home`, XDG_CACHE_HOME: "", XDG_STATE_HOME: "", PATH: path };
}

/** Runs command lines one after another on a terminal; each must end with 0. */
async function script(cwd: string, env: Record<string, string>, lines: readonly string[]): Promise<string> {
  const { code, bytes } = await record(`set -e; ${lines.join("; ")}`, { cwd, env });
  for (const bad of ["Deno requests", "NotCapable", "this is a bug", "no permission"]) {
    assert(!bytes.includes(bad), bytes);
  }
  assertEquals(code, 0, bytes);
  return bytes;
}

terminalTest("a terminal: dbx run finds the program, git and nvidia-smi, and asks nothing [slow]", async () => {
  await using folder = await scratch();
  const env = await oddMachine(folder.path);
  const cwd = `${folder.path}/work`;
  await Deno.mkdir(cwd);
  await Deno.writeTextFile(`${folder.path}/params.yaml`, "lr: 0.1\n");
  const git = "git -c user.name=n -c user.email=e@x commit --quiet --allow-empty --message first";
  for (const loader of [{}, { LD_LIBRARY_PATH: "/opt/cuda/lib64" }] as Record<string, string>[]) {
    await script(cwd, { ...env, ...loader }, [
      `git init --quiet .; ${git}; echo work > file`,
      `dbx run --repo new/deep/output -- sh -c 'echo "$LD_LIBRARY_PATH-"'`,
      "dbx run --repo new/deep/output --pty --params ../params.yaml --id-file id --resume-or-create name -- sh -c 'test -t 1'",
      "dbx query --repo new/deep/output --format csv 'SELECT git.commit, git.dirty FROM runs' > state",
      "dbx query --repo new/deep/output --format csv \"SELECT value FROM points WHERE key = 'power_w'\" > power",
    ]);
    const [, state] = (await Deno.readTextFile(`${cwd}/state`)).trim().split("\n");
    assert(/^[0-9a-f]{40},/.test(state), `the state of git was kept: ${state}`);
    assertEquals((await Deno.readTextFile(`${cwd}/power`)).trim().split("\n").at(-1), "70.5");
    await Deno.remove(`${cwd}/new`, { recursive: true });
  }
});

terminalTest("a terminal: every command on new, linked and missing repositories asks nothing [slow]", async () => {
  await using folder = await scratch();
  const env = await oddMachine(folder.path);
  const cwd = `${folder.path}/work`;
  await Deno.mkdir(cwd);
  await script(cwd, env, [
    "dbx init sub/deep",
    "dbx init --shared group shared/deep",
    "dbx log --repo elsewhere/deep first x=1 > id",
    "id=$(cut -d/ -f1 id)",
    "ln -s elsewhere/deep linked",
    ...["ls", "check", "schema", "query 'SELECT count(*) FROM events'", "series x", "tail -n 1", "show $id", "index"]
      .map(
        (words) => `dbx ${words} --repo linked`,
      ),
    "dbx query --repo linked --repo sub/deep 'SELECT count(*) FROM runs'",
    "dbx rm --repo linked $id",
    "dbx restore --repo linked $id",
    "dbx gc --repo linked --dry-run",
    "dbx clone elsewhere/deep far/away/copy",
    "dbx sync --repo far/away/copy",
    "dbx pull --repo far/away/copy",
    "dbx push --repo far/away/copy",
    "dbx remote add --repo elsewhere/deep other $PWD/sub/deep",
    "dbx push --repo elsewhere/deep other",
    "dbx push --repo elsewhere/deep --create quite/new/copy",
    "dbx pull --repo another/new/copy $PWD/elsewhere/deep",
    "dbx check --repo elsewhere/deep --repair-marker --read-data",
    "DBX_SSH=far dbx push --repo elsewhere/deep --remote-dbx dbx host:$PWD/sub/deep",
    "LD_LIBRARY_PATH=/opt/cuda DBX_SSH=far dbx pull --repo elsewhere/deep --remote-dbx dbx host:$PWD/sub/deep",
    "dbx token add --repo linked name --role read",
    "dbx token ls --repo linked",
    "dbx spool ls",
    "dbx start --repo linked $id",
    "dbx queue add --repo elsewhere/deep -- echo queued",
    "dbx queue ls --repo elsewhere/deep",
    "dbx agent --repo elsewhere/deep --allow 'echo **' --once --slots gpu",
    "dbx completions bash > bash.sh",
    "dbx version",
    "dbx help run",
    "dbx run --show-permissions -- true",
  ]);
});

terminalTest(
  "a terminal: a server, and logging to it through a spool that is not there yet, ask nothing [slow]",
  async () => {
    await using folder = await scratch();
    const env = await oddMachine(folder.path);
    const cwd = `${folder.path}/work`;
    await Deno.mkdir(cwd);
    const bytes = await script(cwd, env, [
      "dbx serve --create --repo new/deep/served --listen 127.0.0.1:0 < /dev/tty > serve.log & server=$!",
      "until url=$(grep -o 'http://[0-9.:]*' serve.log); do sleep 0.1; done",
      "dbx run --repo $url -- echo far",
      "dbx log --repo $url e x=1",
      "dbx ls --repo $url",
      "dbx query --repo $url \"SELECT sum(value) FROM points WHERE key = 'x'\"",
      "dbx clone $url copy",
      "dbx push --repo copy",
      "kill $server",
      "wait $server",
    ]);
    assertStringIncludes(bytes, "finished");
    assert((await Deno.stat(`${folder.path}/home/.local/state/dbx/spool`)).isDirectory);
  },
);

terminalTest("a terminal: a command that fails leaves no folder behind that it was about to fill", async () => {
  await using folder = await scratch();
  const env = await oddMachine(folder.path);
  for (const command of ["dbx clone missing there/copy", "dbx run --exp abc --repo there/new -- true"]) {
    const { code, bytes } = await record(command, { cwd: folder.path, env });
    assert(code !== 0 && !bytes.includes("Deno requests"), bytes);
  }
  const left = Array.from(Deno.readDirSync(folder.path), ({ name }) => name);
  assert(!left.includes("there") || ![...Deno.readDirSync(`${folder.path}/there`)].some(({ name }) => name === "copy"));
});
