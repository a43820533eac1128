import { createHash } from "node:crypto";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Prefix, Store } from "../../lib/store/store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { copyIn } from "./world.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
const EXP = "0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const META = `{"id":"0000000000run",${TIME}}\n`;
const LINES = `{"event":"a","ts":1,"loss":0.25}\n{"event":"b","ts":2,"loss":0.5}\n`;
const seal = (data: Record<string, unknown>) => JSON.stringify({ event: "dbx/seal", ts: 3, ...data }) + "\n";
const ofLog = (text: string) => seal({ log: "log", size: text.length, sha256: sha256(text) });

/** A repository with one run, whose logs are these. */
async function source(path: string, log: string, dbx: string): Promise<LocalStore> {
  const store = new LocalStore(path);
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${TIME}}\n`));
  await store.create(`${EXP}/meta.json`, encode(`{"id":"${EXP}","kind":"k",${TIME}}\n`));
  await store.create(`${RUN}/meta.json`, encode(META));
  await store.append(`${RUN}/log.jsonl`, 0, encode(log));
  await store.append(`${RUN}/dbx.log.jsonl`, 0, encode(dbx));
  return store;
}

/** A store that counts the extents of which a proof was asked. */
function counting(store: Store): { store: Store; asked: Prefix[] } {
  const asked: Prefix[] = [];
  const counted = wrapStore(store, {
    hashPrefixes(prefixes) {
      asked.push(...prefixes);
      return store.hashPrefixes!(prefixes);
    },
  });
  return { store: counted, asked };
}

Deno.test("sync: a flipped digit in sealed bytes is named after a transfer, in every kind of file and to every kind of store [S28]", async () => {
  const own = `{"event":"dbx/start","ts":1}\n` + ofLog(LINES) +
    seal({ definition: "run", size: META.length, sha256: sha256(META) });
  const head = `{"event":"dbx/end","ts":9,"status":"finished"`;
  const closed = `${own}${head},"sha256":"${sha256(own + head)}"}\n`;
  for (const kind of ["local", "remote", "memory"] as const) {
    for (const file of ["log.jsonl", "meta.json", "dbx.log.jsonl", undefined]) {
      await using folder = await scratch();
      const a = await source(`${folder.path}/a`, LINES, closed);
      if (file !== undefined) {
        const path = `${folder.path}/a/${RUN}/${file}`;
        const bytes = await Deno.readFile(path);
        // A digit of a number, as a failing disk would change it.
        const at = new TextDecoder().decode(bytes).search(file === "meta.json" ? /2026/ : /"ts":1/) + 5;
        bytes[file === "meta.json" ? at - 2 : at] ^= 1;
        await Deno.writeFile(path, bytes);
      }
      const { store } = copyIn(kind, `${folder.path}/b`);
      const { setbacks } = await sync(a, store, { direction: "push" });
      assertEquals(
        setbacks.map(({ name, kind }) => [name, kind]),
        file === undefined ? [] : [[`${RUN}/${file}`, "damaged"]],
      );
      if (file !== undefined) assertStringIncludes(setbacks[0].message, "sealed");
    }
  }
});

Deno.test("sync: of several seals the latest that is not ahead of the target counts; cost is that of what came", async () => {
  await using folder = await scratch();
  const more = `${LINES}{"event":"c","ts":3,"loss":1}\n`;
  // The log is behind: a seal of more bytes says nothing of fewer.
  const a = await source(`${folder.path}/a`, LINES, ofLog(LINES) + ofLog(more));
  const { store, asked } = counting(new LocalStore(`${folder.path}/b`));
  assertEquals((await sync(a, store, { direction: "push" })).setbacks, []);
  assertEquals(asked.map(({ length }) => length), [more.length, LINES.length]);
  // Nothing new: no seal is compared.
  asked.length = 0;
  assertEquals((await sync(a, store, { direction: "push" })).setbacks, []);
  assertEquals(asked.filter(({ length }) => length === more.length), []);
  // The target has wrong bytes from before, of which the rest comes with a seal.
  await a.append(`${RUN}/log.jsonl`, LINES.length, encode(more.slice(LINES.length)));
  await a.append(`${RUN}/dbx.log.jsonl`, (await a.stat(`${RUN}/dbx.log.jsonl`))!.size, encode(ofLog(more)));
  assertEquals((await sync(a, store, { direction: "push" })).setbacks, []);
  // What is no seal, and seals of files that are none of the run's.
  const wrong = [
    seal({ log: "../../x", size: 1, sha256: sha256("x") }),
    seal({ log: "log", size: -1, sha256: sha256("x") }),
    seal({ log: "absent", size: 1, sha256: sha256("x") }),
    `{"event":"dbx/seal"\n`,
  ];
  await a.append(`${RUN}/dbx.log.jsonl`, (await a.stat(`${RUN}/dbx.log.jsonl`))!.size, encode(wrong.join("")));
  assertEquals((await sync(a, store, { direction: "push" })).setbacks, []);
});
