// A tombstone has every copy drop an experiment, so a server takes it from an administrator only, and it carries nothing
// but an id; what was purged is not written again.
import { purgedIn, tombstoneName, tombstoneText } from "../../lib/format/layout/tombstone.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import { OWNER } from "../../lib/server/access/roles.ts";
import type { Role } from "../../lib/protocol/roles.ts";
import { Writes } from "../../lib/server/writes/writes.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { concat } from "../../lib/base/bytes.ts";
import { sync } from "../../lib/sync/sync.ts";
import { purgedIds } from "../../lib/store/local/purge/tombstones.ts";
import type { FileIssue } from "../../lib/store/store.ts";
import { bodyWith, take } from "../sync/take_body.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";

const ID = "0purged000exp";
const NAME = tombstoneName(ID);
const encode = (text: string) => new TextEncoder().encode(text);

/** What a server answers that is sent a file by a token of a role: how many it took, and all that it says. */
async function send(store: LocalStore, role: Role, name: string, text: string): Promise<[number, string]> {
  using writes = new Writes(store);
  const routes = storeRoutes(store, { writes });
  const bytes = encode(text);
  const encoder = new FrameEncoder();
  const pieces = [...encoder.encode({ name, offset: 0, bytes, end: true, size: bytes.length }), encoder.last()];
  const request = new Request("http://a/api/v1/sync/take", {
    method: "POST",
    headers: { [PROTOCOL_HEADER]: PROTOCOL },
    body: concat(pieces),
  });
  const said = await (await routes(request, { caller: { ...OWNER, role } })).text();
  return [JSON.parse(said).files ?? 0, said];
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

Deno.test("tombstones: no role below control has a server take one [S50]", async () => {
  for (const role of ["read", "write", "agent"] as const) {
    await inFolder(async (store) => {
      const [files, taken] = await send(store, role, NAME, tombstoneText(ID));
      assertEquals(files, 0);
      assertStringIncludes(taken, "this token may ");
      assertEquals(await store.stat(NAME), undefined);
    });
  }
  await inFolder(async (store) => {
    assertEquals((await send(store, "control", NAME, tombstoneText(ID)))[0], 1);
    assertEquals((await store.stat(NAME))?.kind, "file");
  });
});

Deno.test("tombstones: one that holds anything else is refused, also from an administrator [S35]", async () => {
  await inFolder(async (store) => {
    const [files, taken] = await send(store, "admin", NAME, tombstoneText("0another00exp"));
    assertEquals(files, 0);
    assertStringIncludes(taken, "refused");
    assertEquals(await store.stat(NAME), undefined);
  });
});

Deno.test("tombstones: what was purged is not written again [S6, S36]", async () => {
  await inFolder(async (store) => {
    await store.create(NAME, encode(tombstoneText(ID)));
    const name = `vision/${ID}/meta.json`;
    const [files, taken] = await send(store, "admin", name, "{}");
    assertEquals(files, 0);
    assertStringIncludes(taken, "purged permanently");
    assertEquals(await store.stat(name), undefined);
  });
});

Deno.test("tombstones: what one body holds besides of what it purges is not taken, before it or behind it [S36]", async () => {
  await inFolder(async (store) => {
    const below = [`${ID}/meta.json`, `${ID}/runs/0000000000run/log.jsonl`];
    const other = "0another00exp/meta.json";
    const sent = [NAME, ...below, other].map((name) => ({ name, text: name === NAME ? tombstoneText(ID) : "{}\n" }));
    for (const order of [sent, sent.toReversed()]) {
      // All of this log is there already, so that nothing of it is left to be refused when the tombstone comes.
      await store.create(below[1], encode("{}\n"));
      const { taken, setbacks } = await take(store, bodyWith(order));
      assertEquals(taken, order.map(({ name, text }) => below.includes(name) ? null : text.length));
      assertEquals(
        setbacks.map(({ name, kind }: FileIssue) => [name, kind]).sort(),
        below.map((name) => [name, "refused"]),
      );
      for (const name of below) assertEquals(await store.stat(name), undefined);
      for (const name of [NAME, other]) assertEquals((await store.stat(name))?.kind, "file");
      await Deno.remove(store.path(NAME));
      await Deno.remove(store.path(other));
    }
  });
});

Deno.test("tombstones: names that lead elsewhere are refused, from whomever", async () => {
  await inFolder(async (store) => {
    const outside = `${store.location}/${ID}.json`;
    for (
      const name of [
        `purged/../${ID}.json`,
        `purged/%2e%2e/${ID}.json`,
        `purged/x/${ID}.json`,
        `purged/short.json`,
        `purged/${ID}.json.json`,
        `purged/.tmp-${ID}.json`,
        `purged/${ID}/meta.txt`.replace(ID, "0purged 00exp"),
        `x/purged/${ID}.json`,
      ]
    ) {
      const text = tombstoneText(name.slice("purged/".length, -".json".length));
      const [files, taken] = await send(store, "admin", name, text);
      assertEquals(files, 0, name);
      assert(/refused|no file|error/.test(taken), `${name}: ${taken}`);
    }
    assertEquals(purgedIds(store.folder).size, 0);
    assertEquals(await Deno.stat(outside).catch(() => undefined), undefined);
  });
});

Deno.test("tombstones: a folder of a name that looks like a v0 id is no experiment", async () => {
  await inFolder(async (store) => {
    const name = "mnist_classif/0another00exp/meta.json";
    await store.create(name, encode("{}"));
    assertEquals(
      (await send(store, "control", tombstoneName("mnist_classif"), tombstoneText("mnist_classif")))[0],
      1,
    );
    assertEquals((await store.stat(name))?.kind, "file");
    assertEquals(purgedIn(name, (id) => id === "mnist_classif"), undefined);
    assertEquals(purgedIn("mnist_classif/log.jsonl", (id) => id === "mnist_classif"), "mnist_classif");
    assertEquals(purgedIn("a/Ab3_x9ZkQ0pLm/tb/run.bin", (id) => id === "Ab3_x9ZkQ0pLm"), "Ab3_x9ZkQ0pLm");
  });
});

Deno.test("tombstones: links and journals of an unpacked repository lead a purge nowhere", async () => {
  const elsewhere = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${elsewhere}/keep.json`, "mine");
    await Deno.mkdir(`${elsewhere}/${ID}/runs`, { recursive: true });
    for (const linked of ["purged", ".dbx/purging", ".dbx/index", ".dbx/trash", ".dbx/incoming", `vision/${ID}`]) {
      await inFolder(async (store) => {
        await Deno.mkdir(`${store.location}/.dbx`, { recursive: true });
        await Deno.mkdir(`${store.location}/vision`, { recursive: true });
        await Deno.symlink(linked === `vision/${ID}` ? `${elsewhere}/${ID}` : elsewhere, `${store.location}/${linked}`);
        await store.purge([ID], { force: true }).catch(() => {});
        assertEquals(await Deno.readTextFile(`${elsewhere}/keep.json`), "mine", linked);
        assertEquals((await Array.fromAsync(Deno.readDir(elsewhere))).length, 2, linked);
        assertEquals((await Deno.stat(`${elsewhere}/${ID}/runs`)).isDirectory, true, linked);
      });
    }
    await inFolder(async (store) => {
      await store.create("vision/0another00exp/meta.json", encode("{}"));
      await Deno.mkdir(`${store.location}/.dbx/purging`, { recursive: true });
      const objects = ["../../keep.json", "dbx.json", "vision/0another00exp/meta.json", ".dbx/marker.json"];
      const journal = JSON.stringify({ id: ID, objects, runs: ["../..", "x"], torn: false });
      await Deno.writeTextFile(`${store.location}/.dbx/purging/${ID}.json`, journal);
      await store.purge([]);
      assertEquals((await store.stat("vision/0another00exp/meta.json"))?.kind, "file");
      assertEquals((await store.stat("dbx.json"))?.kind, "file");
    });
  } finally {
    await Deno.remove(elsewhere, { recursive: true });
  }
});

Deno.test("tombstones: a token that may only write purges by no event either", async () => {
  await inFolder(async (store) => {
    await store.create(`vision/${ID}/meta.json`, encode("{}"));
    const line = `{"event":"dbx/purge","ts":1,"id":"${ID}"}\n`;
    const [, taken] = await send(store, "write", `vision/${ID}/notes/0replica00001.log.jsonl`, line);
    assertStringIncludes(taken, "refused");
    await send(store, "admin", `vision/${ID}/notes/0replica00001.log.jsonl`, line);
    await store.purge([]);
    assertEquals((await store.stat(`vision/${ID}/meta.json`))?.kind, "file");
  });
});

Deno.test("tombstones: what another copy names is dropped by who takes it, and by nobody who says no or only pushes [S48]", async () => {
  await inFolder(async (own) => {
    await inFolder(async (other) => {
      const names = [`vision/${ID}/meta.json`, "0another00exp/meta.json"];
      for (const name of names) await own.create(name, encode("{}"));
      await other.create(NAME, encode(tombstoneText(ID)));
      const there = async () => (await Promise.all(names.map((name) => own.stat(name)))).map((stat) => stat?.kind);
      const pushed = await sync(own, other, { direction: "push" });
      assertEquals([pushed.purged, pushed.kept], [[[], []], [[ID], []]]);
      const none = await sync(own, other, { purges: false });
      assertEquals([none.purged, none.kept], [[[], []], [[ID], []]]);
      const dry = await sync(other, own, { dryRun: true });
      assertEquals([dry.sent.files, dry.sent.planned, dry.purged, dry.kept], [0, [], [[], [ID]], [[], []]]);
      assertEquals(await there(), ["file", "file"]);
      assertEquals(await other.stat(names[0]), undefined, "and it is not brought back");
      const pulled = await sync(other, own, { direction: "push" });
      assertEquals([pulled.purged, pulled.kept], [[[], [ID]], [[], []]]);
      assertEquals(await there(), [undefined, "file"]);
    });
  });
});

Deno.test("tombstones: a v0 experiment goes with all of its files, wherever they stand", async () => {
  await inFolder(async (own) => {
    await inFolder(async (other) => {
      const id = "Ab3_x9ZkQ0pLm";
      const names = ["meta.json", "log.jsonl", "files.json", "model.bin", "plots/a/curve.txt", "checkpoint_01/w.bin"];
      for (const name of names) {
        await own.create(`old/${id}/${name}`, encode(name === "log.jsonl" ? `{"event":"x"}\n` : "{}"));
      }
      await sync(own, other);
      assertEquals((await other.stat(`old/${id}/checkpoint_01/w.bin`))?.kind, "file");
      await own.purge([id]);
      const { setbacks } = await sync(other, own);
      assertEquals(setbacks, []);
      for (const store of [own, other]) {
        for (const name of names) assertEquals(await store.stat(`old/${id}/${name}`), undefined, name);
        assertEquals(await store.stat("old"), undefined, "its name, which was empty by then");
      }
    });
  });
});
