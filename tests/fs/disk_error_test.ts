import { toExitResult } from "../../lib/cli/launch/errors.ts";
import { DiskError, systemCode, toDiskError } from "../../lib/fs/disk_error.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** What the runtime throws, and what must be said. */
const REFUSALS: readonly [code: number, thrown: string, said: string][] = [
  [13, "Permission denied (os error 13): open '/r/x'", "you have no permission; ask the owner"],
  [24, "Too many open files (os error 24): open '/r/x'", "too many files are open; raise the limit"],
  [28, "No space left on device (os error 28)", "the disk is full; free some space"],
  [30, "Read-only file system (os error 30): open '/r/x'", "the file system is mounted read-only"],
  [36, "File name too long (os error 36): open '/r/x'", "the name is too long for this file system"],
  [122, "Disk quota exceeded (os error 122)", "your quota is used up; free some space"],
];

Deno.test("explained: a refusal of the system names the file and says what to do; it is not a bug", () => {
  for (const [code, thrown, said] of REFUSALS) {
    const error = toDiskError(new Error(thrown), "/r/x");
    assert(error instanceof DiskError);
    assertEquals(systemCode(error), code);
    const { exitCode, lines: [message] } = toExitResult(error);
    assertEquals(exitCode, 1);
    assertStringIncludes(message, `dbx: Cannot write "/r/x": ${said}`);
    assert(!message.includes("bug"), message);
  }
  const other = new TypeError("a bug");
  assertEquals(toDiskError(other, "/r/x"), other);
});

Deno.test("LocalStore: every way of writing says so of a full disk, and leaves nothing half done", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const name = "0000000000exp/meta.json";
  const log = "0000000000exp/runs/0000000000run/log.jsonl";
  await store.append(log, 0, encode(`{"event":"x"}\n`));
  const open = store.folder.open.bind(store.folder);
  store.folder.open = (name, options) => {
    const file = open(name, options);
    if (options?.write || options?.append) {
      file.writeSync = () => {
        throw new Error("No space left on device (os error 28)");
      };
    }
    return file;
  };
  const full = "the disk is full";
  await assertRejects(() => store.create(name, encode("{}")), DiskError, `${folder.path}/${name}": ${full}`);
  await assertRejects(() => store.append(log, 14, encode("y\n")), DiskError, `${folder.path}/${log}": ${full}`);
  await assertRejects(() => putObject(store, encode("data")), DiskError, full);
  const part = (name: string, offset: number) => {
    const bytes = encode(`{"event":"y"}\n`);
    return ReadableStream.from([[{ name, offset, bytes, end: true, size: offset + bytes.length }]]);
  };
  await assertRejects(() => store.writeMany(part(name, 0)), DiskError, `${name}": ${full}`);
  await assertRejects(() => store.writeMany(part(log, 14)), DiskError, `${log}": ${full}`);
  store.folder.open = open;
  assertEquals(new TextDecoder().decode(await store.read(log)), `{"event":"x"}\n`);
  const left: string[] = [];
  for await (const batch of store.listFiles()) left.push(...batch.map(({ name }) => name));
  assertEquals(left, [log]);
  for (const at of ["0000000000exp", "objects"]) {
    assertEquals([...Deno.readDirSync(`${folder.path}/${at}`)].filter(({ name }) => name.startsWith(".tmp-")), [], at);
  }
});

Deno.test("LocalStore: a name that is too long for the file system is an error that says so", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await assertRejects(() => store.create(`${"x".repeat(300)}/meta.json`, encode("{}")), DiskError, "name is too long");
});
