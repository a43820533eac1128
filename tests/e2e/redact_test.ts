// What looks like a secret is nowhere in the repository, whatever way it came.
import { walk } from "@std/fs/walk";
import { openRepository } from "../../lib/logger/open.ts";
import { SegmentFiles } from "../../lib/query/snapshot/catalogue/segment/files.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { LINES } from "../redact/harmless.ts";
import { SECRETS } from "../redact/secrets.ts";
import { dbx, scratch } from "./dbx.ts";

/** The names of the secrets that stand in a file of a folder, and where. */
async function leaks(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of walk(folder, { includeDirs: false })) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    for (const { name, secret } of SECRETS) if (text.includes(secret)) found.push(`${name} in ${path}`);
  }
  return found;
}

const text = SECRETS.map(({ line }) => line + "\n").join("");
const env = Object.fromEntries(SECRETS.flatMap(({ env }) => env === undefined ? [] : [env]));

async function git(cwd: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("git", {
    args: ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args],
    cwd,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** A secret whose shape alone tells what it is. */
const bare = (wanted: string) => SECRETS.find(({ name }) => name === wanted)!.secret;

/** A working tree with an uncommitted file full of secrets, and one in its remote. */
async function tree(folder: string): Promise<void> {
  await git(folder, "init", "-q");
  await Deno.writeTextFile(`${folder}/.gitignore`, "/output/\n/out/\n");
  await Deno.writeTextFile(`${folder}/settings.env`, "");
  await git(folder, "add", ".");
  await git(folder, "commit", "-qm", "x");
  await Deno.writeTextFile(`${folder}/settings.env`, text);
  // Git tells the names of files that it does not know.
  await Deno.writeTextFile(`${folder}/${bare("github")}`, "");
  await git(
    folder,
    "remote",
    "add",
    "origin",
    `https://u:a@${SECRETS[0].secret}@git.example/x?private_token=${SECRETS[1].secret}`,
  );
}

Deno.test("dbx run: secrets in environment, command, params, remote, diff, stdout and stderr are kept nowhere [slow]", async () => {
  await using folder = await scratch();
  await tree(folder.path);
  const words = SECRETS.flatMap(({ words }) => words);
  const script =
    'cat settings.env; cat settings.env >&2; echo \'{"event":"eval","acc":0.5,"password":"hunter2x"}\'; echo "$TOKEN"';
  const ended = await dbx([
    "run",
    "--env",
    "all",
    "--param",
    `db.password=${SECRETS[2].secret}`,
    "--note",
    SECRETS[40].line,
    "--tag",
    bare("github"),
    "--extra",
    `password=${SECRETS[3].secret}`,
    "--extra",
    `where=${bare("anthropic")}`,
    "--",
    "sh",
    "-c",
    script,
    ...words,
  ], {
    cwd: folder.path,
    env,
  });
  assertEquals(ended.code, 0, ended.stderr);
  // The command itself gets and prints everything as it is.
  assertEquals(ended.stdout, `${text}{"event":"eval","acc":0.5,"password":"hunter2x"}\n${env.TOKEN}\n`);
  assertStringIncludes(ended.stderr, text);
  assertMatch(ended.stderr, /finished; \d+ secrets \(.*github \d+, .*name \d+.*\) redacted\n$/);
  assertEquals(await leaks(`${folder.path}/output`), []);

  const repository = await openReader(`${folder.path}/output`);
  const [experiment] = await Array.fromAsync(repository.experiments());
  const [run] = await experiment.runs();
  assertEquals(run.definition.env?.PGPASS, "[redacted:name]");
  assertEquals(run.definition.git?.remote, "https://git.example/x?private_token=[redacted:url-query]");
  assertEquals(experiment.params["api-key"], "[redacted:name]");
  const events = await Array.fromAsync(run.log("dbx").read());
  const told = events.find(({ event }) => event === "dbx/redacted")!.data as Record<string, number>;
  assert(told.name > 100 && told.github > 5, JSON.stringify(told));
  const printed = await Array.fromAsync(run.log("printed").read());
  assertEquals(printed.at(-1)?.data, { acc: 0.5, password: "[redacted:name]" });
  // What holds environment is its owner's alone, here and in a copy.
  const definition = (root: string) => `${root}/${run.folder}/meta.json`;
  assertEquals((Deno.statSync(definition(`${folder.path}/output`)).mode ?? 0) & 0o777, 0o600);
  assertEquals((await dbx(["clone", "output", "copy"], { cwd: folder.path })).code, 0);
  assertEquals((Deno.statSync(definition(`${folder.path}/copy`)).mode ?? 0) & 0o777, 0o600);
  assertEquals((await dbx(["ls"], { cwd: folder.path })).code, 0);
  assertEquals(await leaks(`${folder.path}/output`), []);
  assertEquals((await dbx(["check"], { cwd: folder.path })).code, 0);
});

Deno.test("dbx run: a secret that is written in two halves, --redact, the default list of variables, --jsonl [slow]", async () => {
  await using folder = await scratch();
  const secret = SECRETS.find(({ name }) => name === "anthropic")!.secret;
  const script = `printf %s "$A"; sleep 0.3; printf '%s\\n' "$B"; echo "see internal-42"; cat lines`;
  await Deno.writeTextFile(`${folder.path}/lines`, LINES.join("\n"));
  const start = {
    cwd: folder.path,
    env: { A: `key ${secret.slice(0, 30)}`, B: secret.slice(30), CUDA_VISIBLE_DEVICES: "1" },
  };
  const ended = await dbx(["run", "--jsonl", "--no-git", "--redact", "internal-\\d+", "--", "sh", "-c", script], start);
  assertEquals(ended.stdout, `key ${secret}\nsee internal-42\n${LINES.join("\n")}`);
  assertEquals(await leaks(`${folder.path}/output`), []);
  assertEquals(JSON.parse(ended.stderr.trim().split("\n").at(-1)!).redacted, { anthropic: 1, custom: 2 });
  const repository = await openReader(`${folder.path}/output`);
  const [experiment] = await Array.fromAsync(repository.experiments());
  const [run] = await experiment.runs();
  const lines = (await Array.fromAsync(run.log("stdout").read())).map(({ data }) => (data as { text: string }).text);
  assertEquals(lines, ["key [redacted:anthropic]", "see [redacted:custom]", ...LINES]);
  const names = Object.keys(run.definition.env ?? {});
  assertEquals([names.includes("CUDA_VISIBLE_DEVICES"), names.includes("A")], [true, false]);
  for (const [option, value] of [["--env", "everything"], ["--redact", "("]]) {
    const wrong = await dbx(["run", option, value, "--", "true"], start);
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.stderr, `Cannot use ${option}`);
  }
});

Deno.test("the catalogue, which holds the environment too, is its owner's alone", async () => {
  await using folder = await scratch();
  new SegmentFiles(`${folder.path}/catalogue`).write([], []);
  const [{ name }] = Array.from(Deno.readDirSync(`${folder.path}/catalogue`)).filter(({ name }) => name !== "lock");
  assertEquals((Deno.statSync(`${folder.path}/catalogue/${name}`).mode ?? 0) & 0o777, 0o600);
});

Deno.test("dbx queue add and dbx start: a command that seems to hold a secret is refused, unless told otherwise [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  for (const { name, words, secret } of SECRETS) {
    if (!/^(option|sh-c|github$|bearer|hydra)/.test(name)) continue;
    const refused = await dbx(["queue", "add", "--", ...words], at);
    assertEquals([name, refused.code], [name, 2]);
    assertMatch(refused.stderr, /Cannot queue a command with \d secrets? \(.*\) in word \d+:.*--allow-secrets/);
    assert(!refused.stderr.includes(secret), refused.stderr);
  }
  assertEquals((await dbx(["queue", "add", "-e", `HF_TOKEN=${SECRETS[37].secret}`, "--", "true"], at)).code, 2);
  assertEquals((await dbx(["queue", "add", "--redact", "blue", "--", "echo", "blue"], at)).code, 2);
  const made = await dbx(["queue", "add", "--json", "--", "echo", "blue"], at);
  assertEquals(made.code, 0, made.stderr);
  const { exp } = JSON.parse(made.stdout);
  assertEquals((await dbx(["start", exp, "--", "x", "--password", SECRETS[0].secret], at)).code, 2);
  assertEquals(await leaks(folder.path), []);
  assertEquals((await dbx(["start", "--allow-secrets", exp, "--", "x", "--password", "hunter2"], at)).code, 0);
});

Deno.test("dbx log: lines and arguments are redacted", async () => {
  await using folder = await scratch();
  const ended = await dbx(["log", "--param", `password=${SECRETS[0].secret}`], { cwd: folder.path, stdin: text });
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals((await dbx(["log", "x", `api_key=${SECRETS[1].secret}`], { cwd: folder.path })).code, 0);
  assertEquals(await leaks(folder.path), []);
});

Deno.test("experiment.run: environment, command, remote and diff are redacted, and what was is told", async () => {
  await using folder = await scratch();
  await tree(folder.path);
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  try {
    const repository = await openRepository(`${folder.path}/out`);
    const experiment = await repository.experiment({ kind: "k" });
    const cmd = SECRETS.flatMap(({ words }) => words);
    for (const choice of [true, "all", { allow: ["*"] }, false, "none"] as const) {
      const run = await experiment.run({ env: choice, cmd, pwd: folder.path, redact: [/internal-\d+/, "blue"] });
      assertEquals(run.definition.env === undefined, choice === false || choice === "none");
      assert(run.redacted["url-password"] > 2 && run.redacted.github > 2, JSON.stringify(run.redacted));
      await run.finish();
    }
    const [run] = await (await repository.findExperiment(experiment.id)).runs();
    assert((await Array.fromAsync(run.log("dbx").read())).some(({ event }) => event === "dbx/redacted"));
  } finally {
    for (const name of Object.keys(env)) Deno.env.delete(name);
  }
  assertEquals(await leaks(`${folder.path}/out`), []);
});
