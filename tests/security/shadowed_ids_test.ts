// Whoever makes something with the id of another thing, in another folder or of another kind, gets no right to the first one by it.
import { newId } from "../../lib/base/ids.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assertEquals } from "../assert.ts";
import { experimentDefinition, filesBelow, line, runDefinition, type User, type World, world } from "./token_world.ts";

interface Held {
  readonly exp: string;
  readonly run: string;
  readonly folder: string;
}

/** An experiment with a run that no token made. */
async function held({ path }: World): Promise<Held> {
  const [exp, run] = [newId(), newId()];
  const folder = `held/${exp}`;
  await initRepository(path);
  await Deno.mkdir(`${path}/${folder}/runs/${run}`, { recursive: true });
  await Deno.writeTextFile(`${path}/${folder}/meta.json`, experimentDefinition(exp, "held"));
  await Deno.writeTextFile(`${path}/${folder}/runs/${run}/meta.json`, runDefinition(run));
  await Deno.writeTextFile(`${path}/${folder}/runs/${run}/log.jsonl`, line("a"));
  return { exp, run, folder };
}

/** The files of an experiment; a refused note may have made a folder. */
async function bytesOf({ path }: World, { folder }: Held): Promise<Record<string, string>> {
  const all = await filesBelow(`${path}/${folder}`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith("/")));
}

/** Tries to write to a run, and to delete its experiment. */
async function attack(user: User, { run, folder }: Held): Promise<void> {
  const log = `${folder}/runs/${run}/log.jsonl`;
  await user.send(log, line("evil"), line("a").length);
  await user.send(`${folder}/runs/${run}/evil.log.jsonl`, line("evil"));
  await user.take([{ name: log, text: line("evil"), offset: line("a").length }]);
  await user.post("sync/settle", { files: [[log, line("a").length, 2_000]] });
  await user.send(`${folder}/notes/${newId()}.log.jsonl`, line("dbx/delete"));
}

const SHADOWS: Readonly<Record<string, (held: Held, bobs: string) => readonly (readonly [string, string])[]>> = {
  "in another folder": ({ exp, run }) => [
    [`evil/${exp}/meta.json`, experimentDefinition(exp, "evil")],
    [`evil/${exp}/runs/${run}/meta.json`, runDefinition(run)],
  ],
  "as the ids of copies": ({ exp, run }, bobs) => [
    [`${bobs}/notes/${exp}.log.jsonl`, line("dbx/tag", { tag: "x" })],
    [`${bobs}/notes/${run}.log.jsonl`, line("dbx/tag", { tag: "x" })],
  ],
  "as the ids of runs": ({ exp, run }, bobs) => [
    [`${bobs}/runs/${exp}/meta.json`, runDefinition(exp)],
    [`${bobs}/runs/${run}/meta.json`, runDefinition(run)],
  ],
};

for (const [how, shadows] of Object.entries(SHADOWS)) {
  Deno.test(`shadowed ids: ids of what no token made, ${how}, open nothing`, async () => {
    await using w = await world();
    const there = await held(w);
    const bob = w.user("bob", "write");
    const { exp: bobs } = await bob.run();
    const before = await bytesOf(w, there);
    for (const [name, text] of shadows(there, bobs)) {
      assertEquals((await bob.send(name, text)).status, 200);
    }
    await attack(bob, there);
    await w.restart();
    await attack(bob, there);
    assertEquals(await bytesOf(w, there), before);
  });
}

Deno.test("shadowed ids: a run with the id of its experiment does not open the experiment", async () => {
  await using w = await world();
  const there = await held(w);
  const bob = w.user("bob", "write");
  const { exp, folder } = there;
  assertEquals((await bob.send(`${folder}/runs/${exp}/meta.json`, runDefinition(exp))).status, 200);
  assertEquals((await bob.post(`experiments/${exp}/notes`, { event: "dbx/delete" })).status, 403);
});

Deno.test("shadowed ids: what was made first elsewhere is not the maker's where its holder puts it later", async () => {
  await using w = await world();
  const { path } = w;
  const bob = w.user("bob", "write");
  const [exp, run] = [newId(), newId()];
  await bob.send(`evil/${exp}/meta.json`, experimentDefinition(exp, "evil"));
  await bob.send(`evil/${exp}/runs/${run}/meta.json`, runDefinition(run));
  const folder = `held/${exp}`;
  await Deno.mkdir(`${path}/${folder}/runs/${run}`, { recursive: true });
  await Deno.writeTextFile(`${path}/${folder}/meta.json`, experimentDefinition(exp, "held"));
  await Deno.writeTextFile(`${path}/${folder}/runs/${run}/meta.json`, runDefinition(run));
  await Deno.writeTextFile(`${path}/${folder}/runs/${run}/log.jsonl`, line("a"));
  const there = { exp, run, folder };
  const before = await bytesOf(w, there);
  await attack(bob, there);
  assertEquals(await bytesOf(w, there), before);
});
