import { objectName } from "../../lib/format/layout/names.ts";
import { assert, assertEquals } from "../assert.ts";
import { post } from "../server/world.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { meanwhile, serveProcess } from "./served.ts";

Deno.test("thousands of lengths of one object are one pass over it, and others are answered meanwhile", async () => {
  await using server = await serveProcess();
  const { api, url } = server;
  const bytes = new Uint8Array(8 * 1024 * 1024).map((_, at) => at);
  const sha256 = async (of: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", of)).toHex();
  const hash = await sha256(bytes);
  const put = await fetch(`${api}/objects/${hash}`, { method: "PUT", body: bytes });
  assertEquals(put.status, 201);
  await put.body?.cancel();
  const lengths = Array.from({ length: 2000 }, (_, at) => bytes.length - 3 * at);
  const asked = post(`${api}/sync/prove`, { extents: lengths.map((length) => [objectName(hash), length]) }, {
    "dbx-protocol": "1",
  })
    .then((response) => response.json());
  const from = performance.now();
  const longest = await meanwhile(`${url}/healthz`, asked);
  const took = performance.now() - from;
  // Anew for each length it would be 16 GB.
  assert(took < 5000, `it took ${took} ms`);
  assert(longest < 1000, `a second client waited ${longest} ms`);
  const { proofs } = await asked;
  assertEquals(proofs.length, 2000);
  for (const at of [0, 7, 1999]) assertEquals(proofs[at][2], await sha256(bytes.slice(0, lengths[at])));
});

Deno.test("the last part of a large upload, sent by many at once, is proved once and copied never [slow]", async () => {
  const size = 512 * 1024 * 1024;
  const sha256 = "ab".repeat(32);
  await using server = await serveProcess([], async (path) => {
    // What has come of it so far: nothing but zeros.
    await Deno.mkdir(`${path}/.dbx/incoming`, { recursive: true });
    await Deno.writeTextFile(`${path}/.dbx/incoming/${sha256}`, "");
    await Deno.truncate(`${path}/.dbx/incoming/${sha256}`, size - 1);
    await Deno.writeTextFile(
      `${path}/dbx.json`,
      `{"dbx":1,"id":"0large0000000","createdAt":"2026-01-01T09:00:00.000Z"}\n`,
    );
  });
  const encoder = new FrameEncoder();
  const part = { name: objectName(sha256), offset: size - 1, bytes: new Uint8Array(1), end: true, size };
  const body = new Uint8Array(await new Blob([...encoder.encode(part), encoder.last()]).arrayBuffer());
  const send = async () => {
    const headers = { "content-type": "application/octet-stream", "dbx-protocol": "1" };
    const response = await fetch(`${server.api}/sync/take`, { method: "POST", body, headers });
    const { setbacks } = await response.json();
    return `${response.status} ${setbacks?.[0].kind} ${setbacks?.[0].message}`;
  };
  // What is removed has another name for a moment: a copy is another file.
  const incoming = `${server.path}/.dbx/incoming`;
  const { ino: own } = Deno.lstatSync(`${incoming}/${sha256}`);
  let most = 0;
  const watch = setInterval(() => {
    let bytes = 0;
    for (const { name } of Deno.readDirSync(incoming)) {
      try {
        const { ino, size } = Deno.lstatSync(`${incoming}/${name}`);
        if (ino !== own) bytes += size;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    most = Math.max(most, bytes);
  }, 20);
  const sent = Promise.all(Array.from({ length: 12 }, send));
  try {
    const longest = await meanwhile(`${server.url}/healthz`, sent);
    const answers = await sent;
    assertEquals(answers.filter((one) => one.includes("was damaged")).length, 1, answers.join("\n"));
    assertEquals(answers.filter((one) => one.includes("0 bytes of it exist")).length, 11, answers.join("\n"));
    assertEquals(most, 0, "a copy was made");
    assert(longest < 1500, `a second client waited ${longest} ms`);
  } finally {
    clearInterval(watch);
  }
});

/** Bytes of a file that holds no blocks. */
const SPARSE = 384 * 1024 * 1024;

Deno.test("a large file is hashed in slices, and others are answered meanwhile [slow]", async () => {
  const hash = "a".repeat(64);
  await using server = await serveProcess([], async (path) => {
    await Deno.mkdir(`${path}/objects/aa`, { recursive: true });
    using file = await Deno.open(`${path}/${objectName(hash)}`, { write: true, createNew: true });
    await file.truncate(SPARSE);
  });
  const asked = post(`${server.api}/sync/prove`, { extents: [[objectName(hash)]] }, { "dbx-protocol": "1" }).then((
    response,
  ) => response.json());
  const from = performance.now();
  const longest = await meanwhile(`${server.url}/healthz`, asked);
  const took = performance.now() - from;
  // In one piece, a second client would wait for all of it.
  assert(longest < Math.max(300, took / 3), `a second client waited ${longest} of ${took} ms`);
  assertEquals((await asked).proofs[0][0], SPARSE);
});
