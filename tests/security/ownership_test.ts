// What a token made is its own: the others' tokens cannot write to it, by whatever way.
import { newId } from "../../lib/base/ids.ts";
import { attemptId } from "../../lib/repo/control/attempts.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assert, assertEquals } from "../assert.ts";
import { experimentDefinition, filesBelow, line, runDefinition, type Sent, User, world } from "./token_world.ts";

/** Every way in which lines can be brought into the log of a run: each one must be refused, or bring nothing. */
function writes(
  { exp, run, folder }: { readonly exp: string; readonly run: string; readonly folder: string },
  size: number,
): Record<string, (user: User) => Promise<unknown>> {
  const more = line("evil");
  const end = line("dbx/end", { status: "failed" });
  const log = `${folder}/log.jsonl`, life = `${folder}/dbx.log.jsonl`;
  const take = (file: Sent) => (user: User) => user.take([file]);
  return {
    "lines at the end": (user) => user.ask("POST", `runs/${run}/logs/log`, more),
    "lines at an offset": (user) => user.ask("POST", `runs/${exp}%2F${run}/logs/log?offset=${size}`, more),
    "a copy": (user) => user.ask("POST", `runs/${run}/logs/log?offset=${size}&copy=1`, more),
    "an end": (user) => user.ask("POST", `runs/${run}/logs/dbx?offset=0&copy=1`, end),
    "an expired claim": (user) => user.ask("POST", `runs/${run}/logs/dbx?offset=0&copy=1`, line("dbx/expired")),
    "another log": (user) => user.ask("POST", `runs/${run}/logs/fresh`, more),
    "a longer log": take({ name: log, text: more, offset: size }),
    "half a line": take({ name: log, text: more.slice(0, 9), offset: size }),
    "a log in parts": take({ name: log, text: more, offset: size, end: false }),
    "a new log": take({ name: life, text: end }),
    "a new log in parts": take({ name: life, text: end, end: false }),
    "an empty log": take({ name: life, text: "" }),
    "an empty log in parts": take({ name: life, text: "", end: false }),
    "a file": take({ name: `${folder}/evil.py`, text: "import os" }),
    "the same with another time": take({ name: log, text: line("a"), modifiedAt: 1_000 }),
    "a time": (user) => user.post("sync/settle", { files: [[log, size, 2_000]] }),
  };
}

Deno.test("ownership: another token cannot write to a run, by any route", async () => {
  await using w = await world();
  const alice = w.user("alice", "write"), bob = w.user("bob", "write"), agent = w.user("gpu", "agent");
  const made = await alice.run();
  const first = line("a");
  assertEquals((await alice.ask("POST", `runs/${made.run}/logs/log?offset=0`, first)).status, 200);
  const before = await filesBelow(`${w.path}/${made.exp}`);
  for (const [way, write] of Object.entries(writes(made, first.length))) {
    for (const user of [bob, agent]) await write(user);
    assertEquals(await filesBelow(`${w.path}/${made.exp}`), before, way);
  }
  const { status, json } = await bob.ask("POST", `runs/${made.run}/logs/log`, first);
  assertEquals(status, 403);
  assert(/belongs to the token "alice"/.test(json.error), json.error);
  // She goes on herself, and so does whoever may control.
  assertEquals((await alice.ask("POST", `runs/${made.run}/logs/log`, first)).json.added, first.length);
  const carol = w.user("carol", "control");
  await w.restart();
  assertEquals((await carol.ask("POST", `runs/${made.run}/logs/log`, first)).json.added, first.length);
});

Deno.test("ownership: the same bytes from another one change nothing, longer ones are refused alone", async () => {
  await using w = await world();
  const alice = w.user("alice", "write"), bob = w.user("bob", "write");
  const { exp, folder } = await alice.run();
  const log = `${folder}/log.jsonl`;
  await alice.take([{ name: log, text: line("a") }]);
  const own = newId(), ownRun = newId();
  const definition = await (await fetch(`${w.api}/files/${exp}/meta.json`, { headers: bob.headers })).text();
  const { setbacks, json } = await bob.take([
    { name: `${exp}/meta.json`, text: definition },
    { name: log, text: line("a") + line("b") },
    { name: `${folder}/dbx.log.jsonl`, text: line("dbx/end") },
    { name: `${own}/meta.json`, text: experimentDefinition(own) },
    { name: `${own}/runs/${ownRun}/meta.json`, text: runDefinition(ownRun) },
    { name: `${own}/runs/${ownRun}/log.jsonl`, text: line("x") },
  ]);
  assertEquals(setbacks.map(({ kind, name }) => [kind, name]), [
    ["refused", log],
    ["refused", `${folder}/dbx.log.jsonl`],
  ]);
  assert(setbacks.every(({ message }) => message.includes(`"alice"`)));
  assertEquals(json.files, 3);
  assertEquals(await Deno.readTextFile(`${w.path}/${log}`), line("a"));
  assertEquals((await bob.take([{ name: log, text: line("a") }])).setbacks, []);
});

Deno.test("ownership: others add runs, tags and notes to an experiment, and do not delete it", async () => {
  await using w = await world();
  const alice = w.user("alice", "write"), bob = w.user("bob", "write"), carol = w.user("carol", "control");
  const { exp } = await alice.run();
  const shown = async () => (await carol.ask("GET", `experiments/${exp}`)).json;
  for (const event of ["dbx/delete", "dbx/restore"]) {
    assertEquals((await bob.post(`experiments/${exp}/notes`, { event })).status, 403);
    const notes = `${exp}/notes/${newId()}.log.jsonl`;
    assertEquals((await bob.take([{ name: notes, text: line(event) }])).setbacks.length, 1);
    assertEquals((await bob.send(notes, line(event))).status, 403);
    // After something that is granted, in the same file or in two halves.
    const more = `${exp}/notes/${newId()}.log.jsonl`, tag = line("dbx/tag", { tag: "bobs" });
    await bob.send(more, tag);
    assertEquals((await bob.send(more, line(event), tag.length)).status, 403);
    await bob.take([{ name: more, text: line(event).slice(0, 8), offset: tag.length, end: false }, {
      name: more,
      text: line(event).slice(8),
      offset: tag.length + 8,
    }]);
  }
  assertEquals([(await shown()).deleted, (await shown()).tags], [false, ["bobs"]]);
  assertEquals((await bob.post(`experiments/${exp}/notes`, { event: "dbx/tag", data: { tag: "good" } })).status, 204);
  assertEquals((await bob.post(`experiments/${exp}/notes`, { event: "dbx/note", data: { text: "hm" } })).status, 204);
  // What nobody else has runs in, its maker deletes and restores.
  for (const [event, deleted] of [["dbx/delete", true], ["dbx/restore", false]] as const) {
    assertEquals((await alice.post(`experiments/${exp}/notes`, { event })).status, 204);
    assertEquals((await shown()).deleted, deleted);
  }
  const run = await bob.post(`experiments/${exp}/runs`, {});
  assertEquals(run.status, 201);
  assertEquals((await bob.ask("POST", `runs/${run.json.run}/logs/log`, line("b"))).status, 200);
  assertEquals((await alice.post(`experiments/${exp}/notes`, { event: "dbx/delete" })).status, 403);
  assertEquals((await alice.ask("POST", `runs/${run.json.run}/logs/log`, line("b"))).status, 403);
  assertEquals((await carol.post(`experiments/${exp}/notes`, { event: "dbx/delete" })).status, 204);
});

Deno.test("ownership: notes of another copy, and of the server's own, are not gone on with", async () => {
  await using w = await world();
  const alice = w.user("alice", "write"), bob = w.user("bob", "write");
  const { exp } = await alice.run();
  const { exp: other } = await bob.run();
  const replica = newId(), tag = line("dbx/tag", { tag: "a" });
  assertEquals((await alice.take([{ name: `${exp}/notes/${replica}.log.jsonl`, text: tag }])).setbacks, []);
  await bob.post(`experiments/${exp}/notes`, { event: "dbx/tag", data: { tag: "b" } });
  const names = await Array.fromAsync(Deno.readDir(`${w.path}/${exp}/notes`), ({ name }) => name.split(".")[0]);
  assertEquals(names.length, 2);
  for (const id of names) {
    for (const folder of [exp, other]) {
      const name = `${folder}/notes/${id}.log.jsonl`;
      const size = (await Deno.stat(`${w.path}/${name}`).catch(() => undefined))?.size ?? 0;
      assertEquals((await bob.take([{ name, text: tag, offset: size }])).setbacks.length, 1, name);
      assertEquals((await bob.send(name, tag, size)).status, 403, name);
      if (size === 0) assertEquals((await bob.send(name, tag)).status, 403, name);
    }
  }
  assertEquals((await bob.send(`${exp}/notes/evil.log.jsonl`, tag)).status, 403);
  // Nor does anybody bring so many that each look at them takes long.
  const many = Array.from({ length: 100 }, () => ({ name: `${exp}/notes/${newId()}.log.jsonl`, text: tag }));
  for (let at = 0; at < many.length; at += 10) await bob.take(many.slice(at, at + 10));
  assertEquals((await bob.take(many.slice(90))).setbacks.length, 10);
  assert(Array.from(Deno.readDirSync(`${w.path}/${exp}/notes`)).length <= 75);
});

Deno.test("ownership: an id that is another's cannot be used again elsewhere", async () => {
  await using w = await world();
  const alice = w.user("alice", "write"), bob = w.user("bob", "write");
  const { exp, run } = await alice.run();
  const { exp: bobs } = await bob.run();
  const files: readonly (readonly [string, string])[] = [
    [`copy/of/${exp}/meta.json`, experimentDefinition(exp, "copy/of")],
    [`${bobs}/runs/${run}/meta.json`, runDefinition(run)],
    [`${bobs}/runs/${run}/log.jsonl`, line("x")],
  ];
  const before = await filesBelow(w.path);
  for (const [name, text] of files) {
    assertEquals((await bob.take([{ name, text }])).setbacks.length, 1);
    assert((await bob.send(name, text)).status >= 400);
  }
  assert((await bob.post("experiments", { id: exp, kind: "k", name: "copy/of" })).status >= 400);
  assert((await bob.post(`experiments/${bobs}/runs`, { id: run })).status >= 400);
  assert((await bob.post(`experiments/${exp}/runs`, { id: run })).status >= 400);
  const now = await filesBelow(w.path);
  for (const all of [before, now]) for (const name of Object.keys(all)) if (name.startsWith(".dbx/")) delete all[name];
  assertEquals(now, before);
});

Deno.test("ownership: what no token made belongs to whoever holds the folder", async () => {
  await using w = await world();
  const [exp, run] = [newId(), newId()];
  const folder = `${w.path}/${exp}/runs/${run}`;
  await Deno.mkdir(folder, { recursive: true });
  await initRepository(w.path);
  await Deno.writeTextFile(`${w.path}/${exp}/meta.json`, experimentDefinition(exp));
  await Deno.writeTextFile(`${folder}/meta.json`, runDefinition(run));
  await Deno.writeTextFile(`${folder}/log.jsonl`, line("a"));
  const bob = w.user("bob", "write"), carol = w.user("carol", "control");
  const made = { exp, run, folder: `${exp}/runs/${run}` };
  const before = await filesBelow(`${w.path}/${exp}`);
  for (const [way, write] of Object.entries(writes(made, line("a").length))) {
    await write(bob);
    assertEquals(await filesBelow(`${w.path}/${exp}`), before, way);
  }
  assertEquals((await bob.post(`experiments/${exp}/notes`, { event: "dbx/delete" })).status, 403);
  assertEquals((await bob.post(`experiments/${exp}/runs`, {})).status, 201);
  assertEquals((await carol.ask("POST", `runs/${run}/logs/log`, line("a"))).status, 200);
  // That a token wrote there once does not make it the token's.
  w.tokens.set("carol", { role: "write" });
  await w.restart();
  assertEquals((await carol.ask("POST", `runs/${run}/logs/log`, line("a"))).status, 403);
});

Deno.test("ownership: survives a restart, a renewed and a renamed token; not one that was removed", async () => {
  await using w = await world();
  const alice = w.user("alice", "write");
  const { run } = await alice.run();
  const log = async (user: User) => (await user.ask("POST", `runs/${run}/logs/log`, line("a"))).status;
  const { mode } = await Deno.stat(`${w.path}/.dbx/owners`);
  assertEquals(mode! & 0o077, 0);
  await w.restart();
  assertEquals(await log(alice), 200);
  const renewed = new User(w, w.tokens.renew("alice"));
  w.tokens.rename("alice", "alice.b");
  await w.restart();
  assertEquals([await log(alice), await log(renewed)], [401, 200]);
  w.tokens.remove("alice.b");
  // Who comes later under the same name is another one.
  const others = [w.user("alice", "write"), w.user("alice.b", "write")];
  await w.restart();
  for (const other of others) assertEquals(await log(other), 403);
  const heir = w.user("heir", "write", { inherit: "alice.b" });
  await w.restart();
  assertEquals(await log(heir), 200);
  let message = "";
  try {
    w.tokens.add("thief", "write", 1, { inherit: "heir" });
  } catch (error) {
    message = (error as Error).message;
  }
  assert(message.includes("still exists"), message);
});

/** Asks for a start in an experiment. */
async function start(user: User, exp: string, more: object = {}): Promise<string> {
  const run = newId();
  const data = { command: "start", id: newId(), run, cmd: ["true"], ...more };
  const { status } = await user.post(`experiments/${exp}/notes`, { event: "dbx/command", data });
  assertEquals(status, 204);
  return run;
}

Deno.test("ownership: only an agent takes a queued start, by any route, and in no other experiment", async () => {
  await using w = await world();
  const carol = w.user("carol", "control"), bob = w.user("bob", "write"), agent = w.user("gpu7", "agent");
  const { exp } = await bob.run();
  const first = await start(carol, exp);
  for (const run of [first, attemptId(first, 1), attemptId(first, 4)]) {
    const name = `${exp}/runs/${run}/meta.json`;
    const { status, json } = await bob.post(`experiments/${exp}/runs`, { id: run });
    assertEquals(status, 403);
    assert(/role agent/.test(json.error), json.error);
    assertEquals((await bob.send(name, runDefinition(run))).status, 403);
    const { setbacks } = await bob.take([
      { name, text: runDefinition(run) },
      { name: `${exp}/runs/${run}/dbx.log.jsonl`, text: line("dbx/claim") },
      { name: `${exp}/runs/${run}/log.jsonl`, text: line("x"), end: false },
    ]);
    assertEquals(setbacks.map(({ kind }) => kind), ["refused", "refused", "refused"]);
    assert(await Deno.stat(`${w.path}/${exp}/runs/${run}`).then(() => false, () => true));
  }
  // A run of that id in another experiment stands in nobody's way.
  const { exp: other } = await bob.run();
  await bob.post(`experiments/${other}/runs`, { id: first });
  const claimed = await agent.post(`experiments/${exp}/runs`, { id: first, claim: "1", agent: "another name" });
  assertEquals(claimed.status, 201);
  assertEquals((await agent.ask("GET", `runs/${exp}%2F${first}`)).json.agent, "gpu7");
  const life = `runs/${exp}%2F${first}/logs/dbx?offset=0&copy=1`;
  assertEquals((await agent.ask("POST", life, line("dbx/claim", { claim: "1" }))).json.added > 0, true);
  const second = w.user("gpu8", "agent");
  await w.restart();
  assertEquals((await second.post(`experiments/${exp}/runs`, { id: first, claim: "1" })).status, 409);
  assertEquals((await second.ask("POST", `runs/${exp}%2F${first}/logs/log`, line("x"))).status, 403);
});

Deno.test("ownership: a start that names agents is theirs alone", async () => {
  await using w = await world();
  const carol = w.user("carol", "control"), agent = w.user("gpu7", "agent"), other = w.user("gpu8", "agent");
  const { exp } = await carol.run();
  const run = await start(carol, exp, { agents: ["gpu7"] });
  assertEquals((await other.post(`experiments/${exp}/runs`, { id: run })).status, 403);
  // Nor in the name of another one, which would fill its slots.
  const forged = JSON.stringify({ id: run, createdAt: new Date().toISOString(), agent: "gpu8" });
  for (const text of [forged, runDefinition(run)]) {
    assertEquals((await agent.send(`${exp}/runs/${run}/meta.json`, text)).status, 403);
    assertEquals((await agent.take([{ name: `${exp}/runs/${run}/meta.json`, text }])).setbacks.length, 1);
  }
  assertEquals((await agent.post(`experiments/${exp}/runs`, { id: run })).status, 201);
  assertEquals((await agent.ask("GET", `runs/${run}`)).json.agent, "gpu7");
  // A list that is none, which only a file can hold, names nobody.
  const odd = newId(), data = { command: "start", id: newId(), run: odd, cmd: ["true"], agents: "gpu7" };
  await carol.send(`${exp}/notes/${newId()}.log.jsonl`, line("dbx/command", data));
  assertEquals((await agent.post(`experiments/${exp}/runs`, { id: odd })).status, 403);
});

Deno.test("ownership: an agent ends the claim of one that died, and nothing else of it", async () => {
  await using w = await world();
  const carol = w.user("carol", "control"), bob = w.user("bob", "write");
  const dead = w.user("gpu7", "agent"), agent = w.user("gpu8", "agent");
  const { exp } = await carol.run();
  const expired = line("dbx/expired", { by: "gpu8" });
  const settle = async (user: User, run: string, text = expired) =>
    (await user.ask("POST", `runs/${exp}%2F${run}/logs/dbx?offset=0&copy=1`, text)).status;
  const claim = async (createdAt: string, run?: string) => {
    const id = run ?? await start(carol, exp);
    const definition = JSON.stringify({ id, createdAt, agent: "gpu7" });
    const { status } = await dead.send(`${exp}/runs/${id}/meta.json`, definition);
    assertEquals(status, 200);
    return id;
  };
  const now = new Date().toISOString(), long = new Date(Date.now() - 125_000).toISOString();
  assertEquals(await settle(agent, await claim(now)), 403, "it may still begin");
  assertEquals(await settle(agent, await claim(long, newId())), 403, "no start is offered again by that");
  const run = await claim(long);
  assertEquals(await settle(bob, run), 403);
  for (const text of [line("dbx/end"), expired + line("dbx/end"), line("x") + expired, expired.slice(0, -1)]) {
    const status = await settle(agent, run, text);
    assert(status === 403 || status === 400, text);
  }
  const log = `${exp}/runs/${run}/log.jsonl`;
  assertEquals((await agent.take([{ name: log, text: expired }])).setbacks.length, 1);
  assertEquals(await settle(agent, run), 200);
  assertEquals(await settle(agent, run, expired + line("dbx/end")), 403);
  // The first line is one of the two: whoever only slept finds that, and does not begin.
  assertEquals(await settle(dead, run, line("dbx/claim", { claim: "1" })), 409);
  const next = await agent.post(`experiments/${exp}/runs`, { id: attemptId(run, 1) });
  assertEquals(next.status, 201);
  // A claim that began, in any log, is not ended.
  const began = await claim(long);
  assertEquals((await dead.ask("POST", `runs/${exp}%2F${began}/logs/log`, line("x"))).status, 200);
  assertEquals(await settle(agent, began), 403);
});
