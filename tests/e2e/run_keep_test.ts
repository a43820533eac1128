// The files of a command that dbx run keeps, through kills.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

/** Trains in Python as people do: goes on from the last checkpoint, prints the loss after it has saved. */
const TRAIN = `
import json, os, sys, time
os.makedirs("ckpt", exist_ok=True)
done = [int(name.split("-")[1].split(".")[0]) for name in os.listdir("ckpt") if name.endswith(".pt")]
losses = [0.9, 0.5, 0.1, 0.4, 0.3, 0.6]
with open(os.environ["DBX_FILES"] + "/notes.csv", "w") as notes:
    for epoch in range(max(done, default=-1) + 1, 6):
        with open(f"ckpt/epoch-{epoch}.pt", "wb") as checkpoint:
            checkpoint.write(b"weights %d" % epoch * 1000)
        print(json.dumps({"event": f"train/epoch/{epoch}", "val_loss": losses[epoch]}), flush=True)
        notes.write(f"{epoch}\\n")
        notes.flush()
        if os.path.exists("stop") and epoch == 3:
            open("stopped", "w").close()
            time.sleep(600)
        time.sleep(float(sys.argv[1]))
`;

const RUN = ["run", "-q", "--no-git", "--keep", "ckpt/*.pt", "--keep-best", "val_loss:2", "--resume-or-create", "job"];

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Names of files and whether they are kept, of one run or of all. */
async function filesOf(cwd: string): Promise<{ name: string; kept: boolean; run: string }[]> {
  const { code, stdout, stderr } = await dbx(["files", "--versions", "--json=name,kept,run"], { cwd });
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

async function keptOf(cwd: string): Promise<string[]> {
  return (await filesOf(cwd)).filter(({ kept }) => kept).map(({ name }) => name);
}

/** The processes below a folder's training, by their command lines. */
async function processesOf(cwd: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    const folder = await Deno.readLink(`/proc/${name}/cwd`).catch(() => "");
    if (folder === cwd) found.push(Number(name));
  }
  return found;
}

async function training(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await scratch();
  await Deno.writeTextFile(`${folder.path}/train.py`, TRAIN);
  return folder;
}

const ignore = Deno.build.os !== "linux" || !await dbxHasPython();

async function dbxHasPython(): Promise<boolean> {
  return await new Deno.Command("python3", { args: ["--version"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}

Deno.test({
  name: "run --keep-best: dbx is killed, and another one keeps the rest, by the same rule [slow]",
  ignore,
  async fn() {
    await using folder = await training();
    const cwd = folder.path;
    const child = spawn([...RUN, "--", "python3", "train.py", "1"], { cwd });
    await until("a checkpoint is kept", async () => await exists(`${cwd}/output`) && (await keptOf(cwd)).length > 0);
    child.kill("SIGKILL");
    await child.output();
    await until("the run has ended", async () =>
      !await exists(`${cwd}/output/.dbx/files`) ||
      (await Array.fromAsync(Deno.readDir(`${cwd}/output/.dbx/files`))).length === 0);
    await until("it is closed", async () => (await dbx(["ls", "--status", "lost", "-q"], { cwd })).stdout !== "");
    assertEquals(await keptOf(cwd), ["ckpt/epoch-2.pt", "ckpt/epoch-4.pt", "ckpt/epoch-5.pt", "notes.csv"]);
    assertEquals((await filesOf(cwd)).length, 7);
    assertEquals((await dbx(["check", "--read-data"], { cwd })).code, 0);
  },
});

Deno.test({
  name:
    "run --keep-best: all is killed with SIGKILL, the job starts again, and nothing that was written is lost [slow]",
  ignore,
  async fn() {
    await using folder = await training();
    const cwd = await Deno.realPath(folder.path);
    await Deno.writeTextFile(`${cwd}/stop`, "");
    const child = spawn([...RUN, "--", "python3", "train.py", "0"], { cwd });
    await until("it stands still", () => exists(`${cwd}/stopped`));
    // At once: the last files are not kept yet.
    for (const pid of await processesOf(cwd)) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    }
    await child.output();
    await Deno.remove(`${cwd}/stop`);
    const again = await dbx([...RUN, "--", "python3", "train.py", "0"], { cwd });
    assertEquals(again.code, 0, again.stderr);
    const kept = await keptOf(cwd);
    for (const name of ["ckpt/epoch-2.pt", "ckpt/epoch-4.pt", "ckpt/epoch-5.pt", "notes.csv"]) {
      assert(kept.includes(name), `${name} is not among ${kept}`);
    }
    // What the first run wrote to $DBX_FILES is still there, and is imported by hand once that run counts as lost.
    const { stdout } = await dbx(["ls", "--json=id"], { cwd });
    const [{ id }] = JSON.parse(stdout);
    const runs = JSON.parse(
      (await dbx(["query", "SELECT run FROM runs ORDER BY created_at", "--json"], { cwd })).stdout,
    );
    const first = runs[0].run;
    assertEquals(await Deno.readTextFile(`${cwd}/output/.dbx/files/${first}/notes.csv`), "0\n1\n2\n3\n");
    const early = await dbx(["run", "--adopt", first], { cwd });
    assertEquals(early.code, 1, early.stderr);
    assertStringIncludes(early.stderr, "try again in two minutes");
    for await (const { name } of Deno.readDir(`${cwd}/output/${id}/runs/${first}`)) {
      const path = `${cwd}/output/${id}/runs/${first}/${name}`;
      if (!name.endsWith(".jsonl")) continue;
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace(/"ts":(\d+)/g, (_, ts) => `"ts":${Number(ts) - 600_000}`));
    }
    assertStringIncludes((await dbx(["check"], { cwd })).stdout, `dbx run --adopt ${first} imports it`);
    const adopted = await dbx(["run", "--adopt", first], { cwd });
    assertEquals(adopted.code, 0, adopted.stderr);
    assertEquals(await exists(`${cwd}/output/.dbx/files/${first}`), false);
    const bytes = await dbx(["cat", `${first}:notes.csv`], { cwd });
    assertEquals(bytes.stdout, "0\n1\n2\n3\n");
  },
});

Deno.test({
  name: "run: versions of a file that is written again and again, and one that is open until the end [slow]",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await scratch();
    const script = `exec 5> "$DBX_FILES/open.log"; for i in 1 2; do echo $i > "$DBX_FILES/state"; echo $i >&5
      n=0; until grep -q '"state"' output/*/runs/*/files.log.jsonl 2>/dev/null && [ $(grep -c '"state",' output/*/runs/*/files.log.jsonl) -ge $i ]; do
      sleep 0.1; n=$((n+1)); [ $n -lt 600 ] || exit 9; done; done; echo 3 > "$DBX_FILES/state"`;
    const ended = await dbx(["run", "-q", "--no-git", "--", "sh", "-c", script], { cwd: folder.path });
    assertEquals(ended.code, 0, ended.stderr);
    const { stdout } = await dbx(["files", "--versions", "--json=name,version,size"], { cwd: folder.path });
    assertEquals(JSON.parse(stdout), [
      { name: "open.log", version: 1, size: 4 },
      ...[1, 2, 3].map((version) => ({ name: "state", version, size: 2 })),
    ]);
  },
});

Deno.test({
  name: "run --keep-best: a run that goes on keeps what is among the best of all runs of the experiment [slow]",
  async fn() {
    await using folder = await scratch();
    const cwd = folder.path;
    const script = (losses: readonly number[], from: number) =>
      losses.map((loss, at) =>
        `echo ${from + at} > m-${from + at}.pt; echo '{"event":"e/${from + at}","val_loss":${loss}}'; sleep 0.05`
      ).join("\n");
    const run = async (losses: readonly number[], from: number) => {
      const keep = ["--keep", "*.pt", "--keep-best", "val_loss:2", "--resume-or-create", "job"];
      const child = ["sh", "-c", script(losses, from)];
      const { code, stderr } = await dbx(["run", "-q", "--no-git", "--allow-changed-params", ...keep, "--", ...child], {
        cwd,
      });
      assertEquals(code, 0, stderr);
    };
    await run([0.1, 0.5, 0.9], 0);
    assertEquals(await keptOf(cwd), ["m-0.pt", "m-1.pt", "m-2.pt"]);
    // One is better than the second best of the first run; the last one stays.
    await run([0.8, 0.3, 0.7, 0.6], 3);
    assertEquals(await keptOf(cwd), ["m-0.pt", "m-1.pt", "m-2.pt", "m-4.pt", "m-6.pt"]);
    assertEquals((await dbx(["check", "--read-data"], { cwd })).code, 0);
  },
});
