import { objectName } from "../../lib/format/names.ts";
import { assert, assertEquals } from "../assert.ts";
import { post } from "../server/world.ts";
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
  const asked = post(`${api}/sync/prove`, { extents: lengths.map((length) => [objectName(hash), length]) })
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

/** Bytes of a file that holds no blocks. */
const SPARSE = 384 * 1024 * 1024;

Deno.test("a large file is hashed in slices, and others are answered meanwhile", async () => {
  const hash = "a".repeat(64);
  await using server = await serveProcess([], async (path) => {
    await Deno.mkdir(`${path}/objects/aa`, { recursive: true });
    using file = await Deno.open(`${path}/${objectName(hash)}`, { write: true, createNew: true });
    await file.truncate(SPARSE);
  });
  const asked = post(`${server.api}/sync/prove`, { extents: [[objectName(hash)]] }).then((response) => response.json());
  const longest = await meanwhile(`${server.url}/healthz`, asked);
  assert(longest < 300, `a second client waited ${longest} ms`);
  assertEquals((await asked).proofs[0][0], SPARSE);
});
