import { createHash } from "node:crypto";
import { HttpClient } from "../../../lib/client/http/client.ts";
import { sendFile } from "../../../lib/commands/files/send_file.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { RunLogger } from "../../../lib/logger/run_logger.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import { serve } from "../../server/world.ts";

/** A run with files. */
async function runOf(
  path: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ id: string; run: string }> {
  await initRepository(path);
  const store = new LocalStore(path);
  const { definition, folder } = await createExperiment(store, { kind: "k" });
  const made = await createRun(store, folder, {});
  const run = new RunLogger(store, made.definition, definition.id, made.folder, {});
  const encoder = new TextEncoder();
  for (const [name, data] of Object.entries(files)) {
    await run.file(name, typeof data === "string" ? encoder.encode(data) : data);
  }
  await run.finish();
  return { id: definition.id, run: run.id };
}

async function namesBelow(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (at * 7919) >> 5);
}

Deno.test("get: hostile names and links in the folder are refused, and nothing is written elsewhere", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/repo`;
  const { id } = await runOf(repo, { "../evil": "x", "good": "y", "sub/a": "z" });
  const out = `${folder.path}/out`;
  const refused = await dbx(["get", "-R", repo, id, "-o", out]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, `Cannot write a file "../evil"`);
  assertEquals(await namesBelow(folder.path), ["repo"]);
  await Deno.mkdir(out);
  await Deno.mkdir(`${folder.path}/away`);
  await Deno.symlink(`${folder.path}/away`, `${out}/sub`);
  await Deno.symlink(`${folder.path}/away/good`, `${out}/good`);
  for (const name of ["sub/a", "good"]) {
    const linked = await dbx(["get", "-R", repo, `${id}:${name}`, "-o", out, "--force"]);
    assertEquals(linked.code, 1, linked.stderr);
    assertStringIncludes(linked.stderr, "symbolic link");
  }
  assertEquals(await namesBelow(`${folder.path}/away`), []);
});

Deno.test("get: goes on where it ended; what is damaged is not given its name, and comes whole the next time", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/repo`;
  const data = bytesOf(3_000_000);
  const { id } = await runOf(repo, { "big.bin": data });
  const sha256 = createHash("sha256").update(data).digest("hex");
  const part = `${folder.path}/.big.bin.${sha256.slice(0, 16)}.dbx-part`;
  await Deno.writeFile(part, data.subarray(0, 1_000_000));
  // That it is not read again: in the part, the object is another one.
  const object = `${repo}/objects/${sha256.slice(0, 2)}/${sha256}`;
  const damaged = data.slice();
  damaged[5] ^= 1;
  await Deno.writeFile(object, damaged);
  const ended = await dbx(["get", "-R", repo, `${id}:big.bin`], { cwd: folder.path });
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(await Deno.readFile(`${folder.path}/big.bin`), data);
  assertEquals(await namesBelow(folder.path), ["big.bin", "repo"]);
  await Deno.remove(`${folder.path}/big.bin`);
  for (const command of ["get", "cat"]) {
    const bad = await dbx([command, "-R", repo, `${id}:big.bin`], { cwd: folder.path });
    assertEquals(bad.code, 1, bad.stderr);
    assertStringIncludes(bad.stderr, "its bytes are damaged");
  }
  assertEquals(await namesBelow(folder.path), ["repo"]);
});

Deno.test("files of a server: listed, printed, copied here and put there, as those of a folder [slow]", async () => {
  await using server = await serve();
  await using folder = await scratch();
  const data = bytesOf(9_000_000);
  const { id, run } = await runOf(server.path, { "big.bin": data, "a.txt": "text\n" });
  const at = (...args: string[]) => dbx([...args, "-R", server.url], { cwd: folder.path });
  const listed = (await dbx(["files", "--json", "-R", server.path])).stdout;
  assertEquals((await at("files", "--json")).stdout, listed);
  assertEquals((await at("cat", `${id}:a.txt`)).stdout, "text\n");
  assertEquals((await at("cat", `${id}:big.bin`, "--bytes", "4194300-4194310")).bytes, data.slice(4194300, 4194311));
  const got = await at("get", id, "-o", "out");
  assertEquals(got.code, 0, got.stderr);
  assertEquals(await Deno.readFile(`${folder.path}/out/big.bin`), data);

  // An upload that was cut goes on: the first part is there, of all that come with the same token.
  const other = bytesOf(10_000_000).reverse();
  await Deno.writeFile(`${folder.path}/new.bin`, other);
  const sha256 = createHash("sha256").update(other).digest("hex");
  const url = `${server.api}/objects/${sha256}`;
  const body = other.subarray(0, 1_000_000);
  await (await fetch(`${url}?offset=0&size=${other.length}`, { method: "PUT", body })).body?.cancel();
  const offsets: (string | null)[] = [];
  const client = new HttpClient({
    base: server.url,
    transport(request) {
      offsets.push(new URL(request.url).searchParams.get("offset"));
      return fetch(request);
    },
  });
  const sent = await sendFile(client, `${folder.path}/new.bin`, { signal: new AbortController().signal, onBytes() {} });
  assertEquals(sent, { sha256, size: other.length });
  assertEquals(offsets, [null, "1000000", "5194304", "9388608"]);
  const put = await at("put", run, "new.bin", "out/a.txt", "--json");
  assertEquals(put.code, 0, put.stderr);
  assertEquals(JSON.parse(put.stdout).map(({ file }: { file: string }) => file), [
    `${id}/${run}:new.bin`,
    `${id}/${run}:out/a.txt`,
  ]);
  assertEquals((await dbx(["cat", "-R", server.path, `${run}:new.bin`])).bytes, other);
  const check = await dbx(["check", "--read-data", "-R", server.path]);
  assertEquals([check.code, check.stdout], [0, "checked 1 experiment and 3 objects: 0 damaged, 0 notes\n"]);
});

Deno.test("put: a log of its own for each time; a run that was lost stays so, and one that is closed is read again [F80] [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/repo`;
  const { id, run } = await runOf(repo, { a: "1" });
  const cwd = folder.path;
  await Deno.writeTextFile(`${cwd}/b`, "2");
  const life = `${repo}/${id}/runs/${run}/dbx.log.jsonl`;
  for (let time = 1; time <= 2; time++) {
    assertEquals((await dbx(["files", "-R", repo, "-q"])).stdout.split("\n").length, time + 1);
    const put = await dbx(["put", "-R", repo, id, "b", "--name", `b${time}`], { cwd });
    assertEquals(put.code, 0, put.stderr);
    assertMatch(put.stdout, /:b[12] {2}1 B\n$/);
    assertEquals((await dbx(["files", "-R", repo, "-q"])).stdout.split("\n").length, time + 2);
  }
  const logs = (await namesBelow(`${repo}/${id}/runs/${run}`)).filter((name) => name.startsWith("put-"));
  assertEquals(logs.length, 2);
  const text = await Deno.readTextFile(life);
  await Deno.writeTextFile(life, text.slice(0, text.indexOf('{"event":"dbx/end"')).replace(/"ts":\d+/g, '"ts":1000'));
  await Deno.writeTextFile(`${repo}/${id}/runs/${run}/log.jsonl`, "");
  const found = await (await openReader(repo)).findRun(run);
  assertEquals((await found.status()).status, "lost");
});
