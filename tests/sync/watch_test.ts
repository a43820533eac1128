import { DbxError } from "../../lib/base/errors.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Store } from "../../lib/store/store.ts";
import { watch } from "../../lib/sync/watch.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const LOG = "0000000000exp/runs/0000000000run/log.jsonl";

async function source(path: string): Promise<LocalStore> {
  const store = new LocalStore(path);
  const time = `"createdAt":"2026-01-01T09:00:00.000Z"`;
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${time}}`));
  await store.create("0000000000exp/meta.json", encode(`{"id":"0000000000exp",${time}}`));
  await store.append(LOG, 0, encode(`{"event":"a"}\n`));
  return store;
}

/** A store whose calls go through a function first. */
function through(store: Store, before: (method: string) => Promise<void> | void): Store {
  const bulk = withBulkFallback(store);
  return wrapStore(bulk, {
    async *listFiles(options) {
      await before("listFiles");
      yield* bulk.listFiles(options);
    },
    async writeMany(...given) {
      await before("writeMany");
      return await bulk.writeMany(...given);
    },
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const from = Date.now(); !await isSo();) {
    if (Date.now() - from > 20_000) throw new Error("it does not come");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const holds = (path: string, text: string) => Deno.readTextFile(path).then((all) => all.includes(text), () => false);

Deno.test("watch: what is written comes, new experiments too, in both directions, until it is stopped [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const [first, second] = [await source(a), new LocalStore(b)];
  const controller = new AbortController();
  const watching = watch(first, second, { signal: controller.signal });
  await until(() => holds(`${b}/${LOG}`, "a"));
  for (let turn = 0; turn < 5; turn++) {
    await Deno.writeTextFile(`${a}/${LOG}`, `{"event":"n${turn}"}\n`, { append: true });
    await until(() => holds(`${b}/${LOG}`, `n${turn}`));
  }
  await second.create("0000000000new/meta.json", encode(`{"id":"0000000000new"}`));
  await until(() => holds(`${a}/0000000000new/meta.json`, "new"));
  controller.abort();
  await watching;
});

Deno.test("watch: where a look takes long, logs that are written come between two looks [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  await source(a);
  let looks = 0, isLooking = false;
  const slow = through(new LocalStore(a), async (key) => {
    if (key !== "listFiles") return;
    looks++;
    isLooking = true;
    // So long that the time between two looks has room for what comes, on a busy machine too.
    await new Promise((resolve) => setTimeout(resolve, 800));
    isLooking = false;
  });
  const controller = new AbortController();
  const watching = watch(slow, new LocalStore(b), { signal: controller.signal, direction: "push" });
  await until(() => holds(`${b}/${LOG}`, "a"));
  await until(() => looks === 2 && !isLooking);
  for (let turn = 0; turn < 3; turn++) {
    await Deno.writeTextFile(`${a}/${LOG}`, `{"event":"n${turn}"}\n`, { append: true });
    await until(() => holds(`${b}/${LOG}`, `n${turn}`));
  }
  assert(looks <= 3, `${looks} looks`);
  controller.abort();
  await watching;
  assertEquals(await Deno.readTextFile(`${b}/${LOG}`), await Deno.readTextFile(`${a}/${LOG}`));
});

Deno.test("watch: a lost connection is told and tried again; what no repetition mends ends it [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const store = await source(a);
  let lost = 0;
  const target = through(new LocalStore(b), (key) => {
    if (key === "writeMany" && lost++ < 2) throw new DbxError("Cannot reach b: it is gone");
  });
  const controller = new AbortController();
  const said: string[] = [];
  const onTrouble = (error: unknown) => said.push((error as Error).message);
  const watching = watch(store, target, { signal: controller.signal, direction: "push", onTrouble });
  await until(() => holds(`${b}/${LOG}`, "a"));
  controller.abort();
  await watching;
  assertEquals(said, ["Cannot reach b: it is gone", "Cannot reach b: it is gone"]);
  const none = new LocalStore(`${folder.path}/none`);
  await assertRejects(() => watch(none, target, { signal: new AbortController().signal }), DbxError, "does not exist");
});
