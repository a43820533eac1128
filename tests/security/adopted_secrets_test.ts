// Secrets that a command prints after its dbx was killed: whoever goes on recording redacts as the first one did.
import { walk } from "@std/fs/walk";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch, spawn } from "../e2e/dbx.ts";
import { SECRETS } from "../redact/secrets.ts";

const KEY = Array.from({ length: 6 }, (_, at) => `${at}q1ZxAb3d`.repeat(7).slice(0, 64));
/** Known by the environment alone. */
const BARE = "correct-horse-battery-9";

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  // Folders come and go while they are walked through.
  const holdsNow = () =>
    holds().catch((error) => {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    });
  for (let turn = 0; !await holdsNow(); turn++) {
    if (turn > 1500) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ps(...args: string[]): Promise<string> {
  return new TextDecoder().decode((await new Deno.Command("ps", { args }).output()).stdout);
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** What a file of the repository still holds of what it must not. */
async function leaks(folder: string, wanted: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of walk(folder, { includeDirs: false })) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    for (const secret of wanted) if (text.includes(secret)) found.push(`${secret} in ${path}`);
  }
  return found;
}

/** Prints the beginning of a key, waits for a file `go`, and prints the rest of it and every secret that is known by its shape. */
async function command(cwd: string): Promise<string[]> {
  const rest = [...KEY.slice(2), "-----END PRIVATE KEY-----", ...SECRETS.map(({ line }) => line), "own-0815", "last"];
  await Deno.writeTextFile(`${cwd}/first`, ["-----BEGIN PRIVATE KEY-----", ...KEY.slice(0, 2)].join("\n") + "\n");
  await Deno.writeTextFile(`${cwd}/rest`, rest.join("\n") + "\n");
  const script =
    'cat first; while [ ! -e go ]; do sleep 0.05; done; cat rest; cat rest >&2; echo "$DB_PASSWORD"; echo > done';
  return ["run", "-q", "--no-git", "--redact", "own-[0-9]+", "--", "sh", "-c", script];
}

async function texts(cwd: string): Promise<string[]> {
  const [experiment] = await Array.fromAsync((await openReader(`${cwd}/output`)).experiments());
  const [run] = await experiment.runs();
  return (await Array.fromAsync(run.log("stdout").read())).map(({ data }) => String(data.text));
}

const SHAPES = [...KEY, "own-0815", ...SECRETS.map(({ secret }) => secret)];

Deno.test("adopted secrets: dbx is killed, another one goes on, and no secret is kept", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const child = spawn(await command(cwd), { cwd, env: { DB_PASSWORD: BARE } });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  await until(
    "the keeper can go on",
    async () => (await Array.fromAsync(walk(`${cwd}/output`, { match: [/run\.json$/] }))).length > 0,
  );
  child.kill("SIGKILL");
  await child.status;
  await Deno.writeTextFile(`${cwd}/go`, "");
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  await until(
    "the end is recorded",
    async () => (await Array.fromAsync(Deno.readDir(`${cwd}/output/.dbx/pipes`))).length === 0,
  );
  assertEquals(await leaks(`${cwd}/output`, [...SHAPES, BARE]), []);
  assert((await texts(cwd)).includes("last"));
});

Deno.test("adopted secrets: what is brought in by hand is redacted as the run was to redact [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const child = spawn(await command(cwd), { cwd });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  const pipes = `${cwd}/output/.dbx/pipes`;
  let estate = "";
  await until("the keeper can go on", async () => {
    if (!await exists(pipes)) return false;
    for await (const { name } of Deno.readDir(pipes)) estate = `${pipes}/${name}/run.json`;
    return await exists(estate) && (await Deno.readTextFile(estate)).endsWith("}");
  });
  const text = await Deno.readTextFile(estate);
  const children = await ps("-o", "pid=,args=", "--ppid", `${child.pid}`);
  const keeper = children.split("\n").find((line) => !line.includes("cat first"))!.trim().split(" ")[0];
  await Deno.writeTextFile(estate, ""); // The next dbx fails, and output is kept in files.
  child.kill("SIGKILL");
  await child.status;
  const id = estate.split("/").at(-2)!;
  await until("output is kept in files", () => exists(`${pipes}/${id}/out.kept`));
  assertEquals((await Deno.stat(`${pipes}/${id}`)).mode! & 0o77, 0, "nobody else may read what is not redacted yet");
  await Deno.writeTextFile(`${cwd}/go`, "");
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  await until("the command has ended", () => exists(`${cwd}/done`));
  // It tries again when the output ends.
  await until("the keeper has given up", async () => /^(Z.*)?$/.test((await ps("-o", "stat=", "-p", keeper)).trim()));
  await Deno.writeTextFile(estate, text);
  const adopted = await dbx(["run", "--adopt", id], { cwd });
  assertEquals(adopted.code, 0, adopted.stderr);
  assertEquals(await leaks(`${cwd}/output`, SHAPES), []);
  const kept = await texts(cwd);
  assert(kept.includes("last"));
  assertStringIncludes(kept.join("\n"), "[redacted:");
});
