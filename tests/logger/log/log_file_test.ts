import { LogFile } from "../../../lib/logger/log/log_file.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A disk that is full after so many bytes, while something is done. */
function withFullDisk<T>(room: number, work: () => T): T {
  const { writeSync } = Deno.FsFile.prototype;
  let left = room;
  Deno.FsFile.prototype.writeSync = function (bytes) {
    if (left === 0) throw new Error("No space left on device (os error 28)");
    const written = writeSync.call(this, bytes.subarray(0, left));
    left -= written;
    return written;
  };
  try {
    return work();
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
}

Deno.test("LogFile: a disk that gets full within a line keeps whole lines, and what comes later follows them", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/log.jsonl`;
  const [a, b, c] = ["a", "b", "c"].map((event) => `{"event":"${event}"}\n`);
  const file = LogFile.open(path);
  assertEquals(file.append(encode(a), 1), { kept: a.length });
  const { kept, error } = withFullDisk(b.length + 5, () => file.append(encode(b + c), 2));
  assertEquals([kept, error instanceof Error], [b.length, true]);
  assertEquals([file.length, file.lines], [(a + b).length, 2]);
  assertEquals(file.append(encode(c), 1), { kept: c.length });
  assertEquals(await Deno.readTextFile(path), a + b + c);
  file.close();
});
