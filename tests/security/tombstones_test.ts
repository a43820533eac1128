// A tombstone has every copy drop an experiment, so a server takes it from an administrator only, and it carries nothing
// but an id; what was purged is not written again.
import { tombstoneName, tombstoneText } from "../../lib/format/tombstone.ts";
import { OWNER, type Role } from "../../lib/server/roles.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local.ts";
import { FrameEncoder } from "../../lib/store/remote/frames.ts";
import { concat } from "../../lib/base/bytes.ts";
import { assertEquals, assertStringIncludes } from "../assert.ts";

const ID = "0purged000exp";
const NAME = tombstoneName(ID);
const encode = (text: string) => new TextEncoder().encode(text);

/** What the two routes that make files answer to one, from a token of a role. */
async function send(store: LocalStore, role: Role, name: string, text: string): Promise<[number, string]> {
  const routes = storeRoutes(store);
  const bytes = encode(text);
  const put = await routes(
    new Request(`http://a/api/v1/files/${name}`, { method: "PUT", body: bytes }),
    { ...OWNER, role },
  );
  await put.body?.cancel();
  const encoder = new FrameEncoder();
  const pieces: Uint8Array[] = [];
  for await (const piece of encoder.encode({ name, offset: 0, bytes, end: true, size: bytes.length })) {
    pieces.push(piece);
  }
  pieces.push(encoder.last());
  const body = concat(pieces) as Uint8Array<ArrayBuffer>;
  const take = await routes(new Request("http://a/api/v1/sync/take", { method: "POST", body }), { ...OWNER, role });
  return [put.status, await take.text()];
}

async function inFolder(work: (store: LocalStore) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const store = new LocalStore(folder);
    await store.create("dbx.json", encode(`{"dbx":1,"id":"0golden0repo1","createdAt":"2026-01-01T09:00:00.000Z"}`));
    await work(store);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("tombstones: no role below control has a server take one", async () => {
  for (const role of ["read", "write"] as const) {
    await inFolder(async (store) => {
      const [status, taken] = await send(store, role, NAME, tombstoneText(ID));
      assertEquals(status, 403);
      assertStringIncludes(taken, "this token may ");
      assertEquals(await store.stat(NAME), undefined);
    });
  }
  await inFolder(async (store) => {
    assertEquals((await send(store, "control", NAME, tombstoneText(ID)))[0], 201);
    assertEquals((await store.stat(NAME))?.kind, "file");
  });
});

Deno.test("tombstones: one that holds anything else is refused, also from an administrator", async () => {
  await inFolder(async (store) => {
    const [status, taken] = await send(store, "admin", NAME, tombstoneText("0another00exp"));
    assertEquals(status, 400);
    assertStringIncludes(taken, "refused");
    assertEquals(await store.stat(NAME), undefined);
  });
});

Deno.test("tombstones: what was purged is not written again, by either route", async () => {
  await inFolder(async (store) => {
    await store.create(NAME, encode(tombstoneText(ID)));
    const name = `vision/${ID}/meta.json`;
    const [status, taken] = await send(store, "admin", name, "{}");
    assertEquals(status, 404);
    assertStringIncludes(taken, "gone for good");
    assertEquals(await store.stat(name), undefined);
  });
});
