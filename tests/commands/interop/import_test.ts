import { assert, assertEquals } from "../../assert.ts";
import { concat } from "../../../lib/base/bytes.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";
import { scalar, version, wandbExit, wandbFile, wandbHistory, wandbRun } from "../../interop/encode.ts";
import { contentsOf, linesOf } from "../../interop/import_into.ts";

/** Writes some runs of TensorBoard; returns the folder. */
async function writeRuns(folder: string, runs: number, points: number): Promise<string> {
  for (let run = 0; run < runs; run++) {
    const records = [version(1700000000 + run)];
    for (let step = 0; step < points; step++) {
      records.push(scalar("loss", step, 1700000000 + step, Math.sin(step + run)));
    }
    await Deno.mkdir(`${folder}/runs/${run}`, { recursive: true });
    await Deno.writeFile(`${folder}/runs/${run}/events.out.tfevents.1.h.${run}`, concat(records));
  }
  return `${folder}/runs`;
}

Deno.test("dbx import: killed at any moment, the same command goes on, and nothing is lost or there twice [slow]", async () => {
  await using folder = await scratch();
  const runs = await writeRuns(folder.path, 12, 4000);
  const whole = `${folder.path}/whole`;
  assertEquals((await dbx(["import", runs, "--repo", whole, "-q"])).code, 0);
  const repository = `${folder.path}/output`;
  let kills = 0;
  // The first of them ends before it has begun to write.
  for (let lines = 0; lines < 12; lines += 3) {
    const child = spawn(["import", runs, "--repo", repository, "-q"]);
    const ended = child.output();
    const isThere = async () => {
      try {
        return (await linesOf(repository, (name) => name.includes("tfevents"))).length >= lines * 4000;
      } catch {
        return false; // It is being made.
      }
    };
    let isOver = false;
    void ended.then(() => isOver = true);
    while (!isOver && !await isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      child.kill("SIGKILL");
    } catch {
      // It was faster.
    }
    if ((await ended).signal === "SIGKILL") kills++;
  }
  assert(kills >= 1, `${kills}`);
  const last = await dbx(["import", runs, "--repo", repository, "--jsonl"]);
  assertEquals(last.code, 0, last.stderr);
  assertEquals(await contentsOf(repository), await contentsOf(whole));
  assertEquals((await dbx(["check", "--repo", repository])).code, 0);
});

Deno.test("dbx import: two machines import the same, and a synchronisation finds them equal [slow]", async () => {
  await using folder = await scratch();
  const runs = await writeRuns(`${folder.path}/a`, 2, 10);
  await Deno.mkdir(`${runs}/wandb/run-1-abc/files`, { recursive: true });
  const rows = [
    wandbRun("abc", { lr: "0.1" }),
    ...[0, 1].map((step) => wandbHistory(step, { loss: "1.0" })),
    wandbExit(0),
  ];
  await Deno.writeFile(`${runs}/wandb/run-1-abc/run-abc.wandb`, wandbFile(rows));
  await Deno.writeTextFile(`${runs}/wandb/run-1-abc/files/output.log`, "text");
  await Deno.mkdir(`${folder.path}/b`);
  assert((await new Deno.Command("cp", { args: ["-r", runs, `${folder.path}/b`] }).output()).success);
  for (const machine of ["a", "b"]) {
    const start = { cwd: `${folder.path}/${machine}`, env: { DBX_REPO: "output" } };
    for (const kind of ["tensorboard", "wandb"]) {
      const { code, stderr } = await dbx(["import", kind, "runs", "-q"], start);
      assertEquals(code, 0, stderr);
    }
  }
  const [a, b] = [await contentsOf(`${folder.path}/a/output`), await contentsOf(`${folder.path}/b/output`)];
  assertEquals(a, b);
  assert([...a.keys()].filter((name) => name.endsWith("/meta.json")).length === 6);
  const synced = await dbx(["sync", "../b/output", "--repo", "output"], { cwd: `${folder.path}/a` });
  assertEquals(synced.code, 0, synced.stderr);
  assertEquals(await contentsOf(`${folder.path}/b/output`), a);
});

Deno.test("dbx import --follow: what comes is imported until Ctrl-C [slow]", async () => {
  await using folder = await scratch();
  const runs = await writeRuns(folder.path, 1, 2);
  const child = spawn(["import", "tensorboard", runs, "--follow", "--repo", `${folder.path}/output`]);
  const ended = child.output();
  const reach = async (count: number) => {
    for (let tries = 0; tries < 600; tries++) {
      try {
        if ((await linesOf(`${folder.path}/output`, () => true)).length === count) return;
      } catch {
        // It is being made.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never ${count} lines`);
  };
  await reach(2);
  await Deno.writeFile(`${runs}/0/events.out.tfevents.1.h.0`, scalar("loss", 2, 1700000009, 7), { append: true });
  await reach(3);
  await Deno.mkdir(`${runs}/later`);
  await Deno.writeFile(
    `${runs}/later/events.out.tfevents.2.h.0`,
    concat([version(1700000011), scalar("loss", 0, 1700000012, 1)]),
  );
  await reach(4);
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  const lines = new TextDecoder().decode(stdout).replaceAll(folder.path, "").split("\n").slice(0, -1);
  assertEquals(lines, [
    "/runs (tensorboard): 1 new run, 2 events",
    "/runs (tensorboard): more of 1 run, 1 event",
    "/runs (tensorboard): 1 new run, 1 event",
  ]);
  // As of every command that Ctrl-C ends.
  assertEquals(code, 130);
});

Deno.test("dbx import into a server: all is sent each time, nothing is there twice, and nothing is called new [slow]", async () => {
  await using folder = await scratch();
  const runs = await writeRuns(folder.path, 1, 3);
  const server = spawn(["serve", "--create", "-R", `${folder.path}/output`, "--listen", "127.0.0.1:0"]);
  const stderr = new Response(server.stderr).text();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    while (!said.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`dbx serve ended: ${await stderr}`);
      said += value;
    }
    const [url] = /http:[^\s]+/.exec(said)!;
    for (let time = 0; time < 2; time++) {
      const { code, stdout, stderr } = await dbx(["import", "-R", url, "tensorboard", runs]);
      assertEquals([code, stdout.replaceAll(folder.path, ""), stderr], [
        0,
        "/runs (tensorboard): sends 1 run, 3 events\n",
        "",
      ]);
    }
    const { stdout } = await dbx(["import", "-R", url, "tensorboard", runs, "--jsonl"]);
    assertEquals("new" in JSON.parse(stdout).runs[0], false);
    assertEquals((await linesOf(`${folder.path}/output`, (name) => name.includes("tfevents"))).length, 3);
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await reader.cancel();
    await stderr;
  }
});
