// A transfer of many files needs few open at a time, however low the limit of the system is.
import { createHash } from "node:crypto";
import { objectName } from "../../../lib/format/layout/names.ts";
import { LogAppender } from "../../../lib/store/local/logs/log_appender.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { quoted, scratch } from "../../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A repository of 100 experiments: 300 files, and 100 objects in folders of their own. */
async function many(path: string): Promise<void> {
  const write = (name: string, text: string) => {
    Deno.mkdirSync(`${path}/${name.slice(0, name.lastIndexOf("/"))}`, { recursive: true });
    Deno.writeTextFileSync(`${path}/${name}`, text);
  };
  await Deno.mkdir(path);
  await Deno.writeTextFile(`${path}/dbx.json`, `{"dbx":1,"id":"0000000000rep","createdAt":1}\n`);
  for (let at = 100; at < 200; at++) {
    const exp = `0000000000${at}`;
    write(`${exp}/meta.json`, `{"id":"${exp}","createdAt":1}\n`);
    write(`${exp}/runs/${exp}/meta.json`, `{"id":"${exp}","createdAt":1}\n`);
    write(`${exp}/runs/${exp}/log.jsonl`, `{"event":"x","ts":1,"value":${at}}\n`);
    const text = `object ${at}`;
    write(objectName(createHash("sha256").update(text).digest("hex")), text);
  }
}

/** The lowest limit with which the runtime itself starts: it differs from system to system. */
async function lowest(): Promise<number> {
  for (const limit of [40, 48, 56, 64, 80, 96, 128]) {
    const { success } = await new Deno.Command("sh", {
      args: ["-c", `ulimit -n ${limit}; exec ${quoted()} schema -R /nowhere/at/all 2>&1 | grep -q "does not exist"`],
      stdout: "null",
      stderr: "null",
    }).output();
    if (success) return limit;
  }
  return 160;
}

Deno.test("clone: with as few open files as the runtime itself starts with [slow]", async () => {
  await using folder = await scratch();
  await many(`${folder.path}/a`);
  const limit = await lowest();
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${limit}; exec ${quoted()} clone ${folder.path}/a ${folder.path}/b`],
    env: { DBX_REPO: "", NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert(success, `ulimit -n ${limit}: ${new TextDecoder().decode(stderr)}`);
  let files = 0;
  for await (const batch of new LocalStore(`${folder.path}/b`).listFiles()) files += batch.length;
  assertEquals(files, 401);
});

Deno.test("take: where too many files are open, those that are done are closed, and it goes on [slow]", async () => {
  await using folder = await scratch();
  await many(`${folder.path}/a`);
  const source = new LocalStore(`${folder.path}/a`);
  let later = 0;
  const target = new LocalStore(`${folder.path}/b`, { now: () => Date.now() + later });
  await target.prepare();
  // The system has room for twelve.
  const open = target.folder.open.bind(target.folder);
  const held = new Set<Deno.FsFile>();
  target.folder.open = (name, options) => {
    for (const file of held) {
      try {
        file.statSync();
      } catch {
        held.delete(file);
      }
    }
    if (held.size >= 12) throw new Error("Too many open files (os error 24): open");
    const file = open(name, options);
    held.add(file);
    return file;
  };
  const wants = [];
  for await (const batch of source.listFiles()) {
    for (const { name } of batch) if (name !== "dbx.json") wants.push({ name, offset: 0 });
  }
  const { setbacks, files } = await target.writeMany(source.readMany(wants));
  assertEquals([setbacks, files], [[], 400]);

  // Of logs that have not changed for a moment, it is looked up whether their runs have ended.
  for (let at = 100; at < 140; at++) {
    const run = `${folder.path}/b/0000000000${at}/runs/0000000000${at}`;
    Deno.writeTextFileSync(`${run}/dbx.log.jsonl`, `{"event":"dbx/start","ts":1}\n`);
  }
  later = 2000;
  using extender = new LogAppender(target.folder);
  for (let at = 100; at < 140; at++) {
    const log = `${folder.path}/b/0000000000${at}/runs/0000000000${at}/log.jsonl`;
    assertEquals(extender.extend(log, undefined, encode(`{"event":"y"}\n`)).added, 14);
  }
});
