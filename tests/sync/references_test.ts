import { expfile } from "../../lib/format/json/special_values.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { appendNote } from "../../lib/logger/notes.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A repository with two experiments, of which each has a run with a git diff, and a line with a bare NaN and a file. */
async function world(path: string) {
  await initRepository(path);
  const store = new LocalStore(path);
  const made = [];
  for (const name of ["one", "two"]) {
    const { folder, definition } = await createExperiment(store, { kind: name });
    const put = async (contents: string) => {
      const { sha256 } = await putObject(store, encode(contents));
      return { file: expfile({ exp: definition.id, name: "f", sha256 }), sha256 };
    };
    const [diff, logged] = [await put(`diff of ${name}`), await put(`file of ${name}`)];
    const run = await createRun(store, folder, { git: { commit: "c", dirty: true, diff: diff.file } });
    const line = `{"event":"e","ts":1,"loss":NaN,"file":${JSON.stringify(logged.file)}}\n`;
    await store.append(`${run.folder}/log.jsonl`, 0, encode(line));
    made.push({ id: definition.id, folder, objects: [diff.sha256, logged.sha256] });
  }
  return { store, one: made[0], two: made[1] };
}

async function objectsIn(store: LocalStore): Promise<string[]> {
  const names: string[] = [];
  for await (const shelf of store.list("objects")) {
    for await (const { name } of store.list(`objects/${shelf.name}`)) names.push(name);
  }
  return names.sort();
}

for (const select of [(id: string) => ({ ids: [id] }), () => ({ where: "kind = 'one'" })]) {
  const how = Object.keys(select("x"))[0];
  Deno.test(`sync: of a selection by ${how}, the objects come that definitions and lines with NaN refer to`, async () => {
    await using folder = await scratch();
    const { store, one } = await world(`${folder.path}/a`);
    const target = new LocalStore(`${folder.path}/b`);
    await sync(store, target, { select: select(one.id), direction: "push" });
    assertEquals(await objectsIn(target), one.objects.toSorted());
  });
}

Deno.test("sync: what only the definitions and lines of deleted experiments refer to stays behind", async () => {
  await using folder = await scratch();
  const { store, one, two } = await world(`${folder.path}/a`);
  await appendNote(store, two.folder, "dbx/delete", {});
  const target = new LocalStore(`${folder.path}/b`);
  await sync(store, target, { direction: "push" });
  assertEquals(await objectsIn(target), one.objects.toSorted());
});

Deno.test("sync: a selection reads no log of an experiment that is not meant, deleted ones among them [S115]", async () => {
  await using folder = await scratch();
  const { store, one, two } = await world(`${folder.path}/a`);
  await appendNote(store, one.folder, "dbx/note", { text: "x" });
  await appendNote(store, two.folder, "dbx/delete", {});
  const routes = storeRoutes(store);
  const given: string[] = [];
  const transport = async (request: Request) => {
    if (request.url.endsWith("/sync/give")) {
      const { wants } = await new Response(
        request.headers.has("content-encoding")
          ? request.clone().body!.pipeThrough(new DecompressionStream("gzip"))
          : request.clone().body,
      ).json();
      given.push(...wants.map(([name]: [string]) => name));
    }
    return await routes(request);
  };
  const far = () => new RemoteStore({ location: "far", base: "http://peer", transport, pause: 0 });
  const target = new LocalStore(`${folder.path}/b`);
  const { setbacks } = await sync(far(), target, { select: { ids: [one.id] }, direction: "push" });
  assertEquals(setbacks, []);
  assertEquals(await objectsIn(target), one.objects.toSorted());
  const below = (name: string) => name.startsWith(`${two.folder}/runs/`) || name.startsWith(`${two.folder}/notes/`);
  assertEquals(given.filter(below), []);
  // Of one that is meant and deleted, neither runs nor objects come.
  const again = await sync(far(), target, { select: { ids: [two.id] }, direction: "push" });
  assertEquals(again.setbacks, []);
  assertEquals(given.filter((name) => name.startsWith(`${two.folder}/runs/`)), []);
  assertEquals(await objectsIn(target), one.objects.toSorted());
});
