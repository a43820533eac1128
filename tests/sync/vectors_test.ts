// The lists of test vectors of synchronisation, read by our own code in both roles.
import { DamageError, DbxError } from "../../lib/base/errors.ts";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { decodeParts } from "../../lib/protocol/frames.ts";
import { ByteReader, readMessage } from "../../lib/protocol/pipe_messages.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileEntry } from "../../lib/store/store.ts";
import { concat } from "../../lib/base/bytes.ts";
import { FOLDER, lists } from "../../scripts/sync_vectors/all.ts";
import { FILE, LOG, META, part, whole } from "../../scripts/sync_vectors/frames.ts";
import { type Bytes, fromVector } from "../../scripts/sync_vectors/pieces.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

const HINT = "does the protocol change? then run scripts/make_sync_vectors.ts, and read what changed";

async function vectorsOf<T>(file: string): Promise<readonly (T & { readonly id: string })[]> {
  return JSON.parse(await Deno.readTextFile(FOLDER + file)).vectors;
}

/** A client whose first question gets an answer, and which says so where it asks again. */
function clientOf(answer: Uint8Array<ArrayBuffer>): RemoteStore {
  let isAnswered = false;
  const transport = () => {
    if (isAnswered) throw new AskedAgain();
    isAnswered = true;
    return Promise.resolve(new Response(answer, { headers: { [PROTOCOL_HEADER]: PROTOCOL } }));
  };
  return new RemoteStore({ location: "the server", base: "http://server", transport, pause: 0, isSerial: true });
}

class AskedAgain extends DbxError {}

async function take(
  body: Uint8Array<ArrayBuffer>,
): Promise<{ status: number; error: string | null; store: MemoryStore }> {
  const store = new MemoryStore();
  const headers = { [PROTOCOL_HEADER]: PROTOCOL };
  const request = new Request("http://server/api/v1/sync/take", { method: "POST", body, headers });
  const response = await storeRoutes(store)(request);
  await response.body?.cancel();
  return { status: response.status, error: response.headers.get("dbx-error"), store };
}

Deno.test("vectors: the lists are what the script makes", async () => {
  for (const [name, text] of await lists()) {
    assert(await Deno.readTextFile(FOLDER + name) === text, `${name} is another one: ${HINT}`);
  }
});

Deno.test("vectors: right frames are taken by a server, and read by a client", async () => {
  type Told = { readonly name: string; readonly offset: number; readonly size: number; readonly bytes: Bytes };
  for (const { id, body, parts } of await vectorsOf<{ body: Bytes; parts: readonly Told[] }>("frames.json")) {
    const bytes = fromVector(body);
    const { status } = await take(bytes);
    assertEquals(status, 200, id);
    // Piece by piece, as they may come from a connection.
    const pieces = ReadableStream.from((function* () {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    })());
    const read = (await Array.fromAsync(decodeParts(pieces, { who: "the vector" }))).flat();
    const told = parts.map(({ bytes, ...part }) => ({ modifiedAt: undefined, ...part, bytes: fromVector(bytes) }));
    assertEquals(read.map((part) => ({ ...part, bytes: new Uint8Array(part.bytes) })), told as never, id);
  }
});

Deno.test("vectors: wrong frames are refused by a server, and by a client", async () => {
  type Wrong = { readonly body: Bytes; readonly verdict: "broken" | "changed"; readonly only?: "take" };
  for (const { id, body, verdict, only } of await vectorsOf<Wrong>("wrong_frames.json")) {
    const bytes = fromVector(body);
    const { status, error, store } = await take(bytes);
    assertEquals([status, error], verdict === "broken" ? [400, null] : [400, "checksum"], id);
    assertEquals((await Array.fromAsync(store.list(""))).length, 0, `${id}: something was taken`);
    if (only === "take") continue;
    const wants = [LOG, META, FILE].map((name) => ({ name, offset: 0 }));
    const kind = verdict === "broken" ? DamageError : AskedAgain;
    const refused = await assertRejects(() => Array.fromAsync(clientOf(bytes).readMany(wants)));
    assert(refused instanceof kind && !String(refused).includes("asked for"), `${id}: ${refused}`);
  }
});

Deno.test("vectors: names have their kinds, and others are refused by a server, and by a client", async () => {
  for (const { id, name, kind } of await vectorsOf<{ name: string; kind: string | null }>("names.json")) {
    assertEquals(classifyPath(name) ?? null, kind, id);
    if (!name.isWellFormed()) continue; // In UTF-8 there is no such name.
    const { status } = await take(whole(part(name, 0, 0, "", { end: true })));
    assertEquals(status, kind === null ? 400 : 200, id);
  }
});

Deno.test("vectors: inventories are read by a client, or refused", async () => {
  type Told = { text: string; verdict?: "broken"; marker?: number; files?: readonly Omit<FileEntry, "kind">[] };
  for (const { id, text, verdict, marker, files } of await vectorsOf<Told>("inventories.json")) {
    const read = async () => {
      return (await Array.fromAsync(clientOf(new TextEncoder().encode(text)).listFiles())).flat();
    };
    // Its checksum comes last: until then a flipped bit looks like a rule that was broken.
    if (verdict === "broken") await assertRejects(read, AskedAgain);
    else {
      const own = marker === undefined ? [] : [{ name: "dbx.json", size: marker }];
      const listed = await read();
      assertEquals(listed.map(({ kind: _, ...rest }) => rest), [...own, ...files ?? []], id);
      for (const { name, kind } of listed) assertEquals(kind, classifyPath(name), id);
    }
  }
});

Deno.test("vectors: messages over a pipe are read, or refused", async () => {
  type Told = { bytes: Bytes; verdict?: "broken"; head?: object; body?: Bytes };
  for (const { id, bytes, verdict, head, body } of await vectorsOf<Told>("pipe.json")) {
    const read = async () => {
      const message = await readMessage(new ByteReader(new Blob([fromVector(bytes)]).stream()));
      return { head: message!.head, body: concat(await Array.fromAsync(message!.body)) };
    };
    if (verdict === "broken") await assertRejects(read, DamageError);
    else assertEquals(await read(), { head: head as Record<string, unknown>, body: fromVector(body) }, id);
  }
});
