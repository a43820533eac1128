// Versions of files that a run no longer keeps.
import { createHash } from "node:crypto";
import { collectGarbage } from "../../../lib/repo/gc/gc.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const [EXP, RUN] = ["0exp000000001", "0run000000001"];
const TIME = "2026-01-01T00:00:00.000Z";
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const fileLine = (name: string, text: string) =>
  `{"event":"dbx/file","ts":1,"name":"${name}","size":${text.length},"file":{"_dbx":"expfile","exp":"${EXP}","name":"${name}","sha256":"${
    hashOf(text)
  }"}}\n`;
const unkeptLine = (name: string, text: string) =>
  `{"event":"dbx/unkept","ts":2,"name":"${name}","sha256":"${hashOf(text)}"}\n`;

/** A repository with objects, and lines of logs of its only run. */
async function repositoryOf(
  path: string,
  objects: readonly string[],
  logs: Readonly<Record<string, string>>,
): Promise<LocalStore> {
  await initRepository(path);
  const store = new LocalStore(path);
  const encoder = new TextEncoder();
  for (const text of objects) {
    const hash = hashOf(text);
    await store.create(`objects/${hash.slice(0, 2)}/${hash}`, encoder.encode(text));
  }
  await store.create(`${EXP}/meta.json`, encoder.encode(`{"id":"${EXP}","createdAt":"${TIME}"}`));
  await store.create(`${EXP}/runs/${RUN}/meta.json`, encoder.encode(`{"id":"${RUN}","createdAt":"${TIME}"}`));
  for (const [name, lines] of Object.entries(logs)) {
    await store.append(`${EXP}/runs/${RUN}/${name}.log.jsonl`, 0, encoder.encode(lines));
  }
  return store;
}

/** The contents that are left after a collection, long after all was written. */
async function leftAfter(store: LocalStore, texts: readonly string[]): Promise<string[]> {
  const now = Date.now() + 7_200_000;
  await collectGarbage(await openReader(store), store, {
    olderThan: 30 * 86_400_000,
    now,
    putAt: () => Date.now() - 7_200_000,
  });
  return texts.filter((text) =>
    store.folder.lstat(`objects/${hashOf(text).slice(0, 2)}/${hashOf(text)}`) !== undefined
  );
}

Deno.test("gc: removes what a run no longer keeps, at once, and nothing else; a check says nothing of it [F79, F81]", async () => {
  await using folder = await scratch();
  const texts = ["one", "two", "twice", "elsewhere", "again", "young"];
  const files = ["one", "two", "twice", "elsewhere", "again"].map((text) => fileLine(`${text}.pt`, text)).join("") +
    ["one", "twice", "elsewhere", "again"].map((text) => unkeptLine(`${text}.pt`, text)).join("") +
    fileLine("again.pt", "again");
  const log = `{"event":"best","ts":1,"model":{"_dbx":"expfile","exp":"${EXP}","name":"x","sha256":"${
    hashOf("elsewhere")
  }"}}\n`;
  const twice = fileLine("other.pt", "twice");
  const store = await repositoryOf(folder.path, texts, { files: files + twice, other: log });
  assertEquals(await leftAfter(store, texts), ["two", "twice", "elsewhere", "again", "young"]);
  const found = await Array.fromAsync(checkRepository(await openReader(folder.path), { readData: true }));
  assertEquals(found, []);
});

Deno.test("gc: a torn dbx/unkept is none, and in another log it says nothing [F81]", async () => {
  await using folder = await scratch();
  const store = await repositoryOf(folder.path, ["one", "two"], {
    files: fileLine("a", "one") + unkeptLine("a", "one").slice(0, -1),
    others: fileLine("b", "two") + unkeptLine("b", "two"),
  });
  assertEquals(await leftAfter(store, ["one", "two"]), ["one", "two"]);
});
