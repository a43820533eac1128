// What is refused leaves nothing that a quota does not count: no empty file, and no folder.
import { newId } from "../../lib/base/ids.ts";
import { assertEquals } from "../assert.ts";
import { experimentDefinition, filesBelow, line, type User, world } from "./token_world.ts";

/** An object of a name that begins with other letters each time. */
function objectName(): string {
  const hash = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return `objects/${hash.slice(0, 2)}/${hash}`;
}

type Way = (user: User, exp: string, run: string) => Promise<{ readonly status: number }>;

/** Ways to have something refused: for what it says, and for its size. */
function ways(): Record<string, Way> {
  const evil = line("dbx/command", { command: "stop", run: newId(), id: newId() });
  const big = line("x", { text: "y".repeat(30_000) });
  const notes = (exp: string) => `${exp}/notes/${newId()}.log.jsonl`;
  const log = (exp: string, run: string) => `${exp}/runs/${run}/l${newId()}.log.jsonl`;
  const large = experimentDefinition(newId()).replace("{}", JSON.stringify({ text: "y".repeat(30_000) }));
  return {
    "forbidden notes": (user, exp) => user.take([{ name: notes(exp), text: evil }]),
    "forbidden notes, in parts": (user, exp) => user.take([{ name: notes(exp), text: evil, end: false }]),
    "half of notes": (user, exp) => user.take([{ name: notes(exp), text: evil.slice(0, 9), end: false }]),
    "a large log": (user, exp, run) => user.take([{ name: log(exp, run), text: big }]),
    "a large log, in parts": (user, exp, run) => user.take([{ name: log(exp, run), text: big, end: false }]),
    "large lines": (user, _, run) => user.ask("POST", `runs/${run}/logs/l${newId()}`, big),
    "a large copy": (user, _, run) => user.ask("POST", `runs/${run}/logs/l${newId()}?offset=0&copy=1`, big),
    "a gap": (user, _, run) => user.ask("POST", `runs/${run}/logs/l${newId()}?offset=9&copy=1`, line("x")),
    "a large run": (user, exp) => user.post(`experiments/${exp}/runs`, { text: "y".repeat(30_000) }),
    "a large experiment": (user) =>
      user.post("experiments", { kind: "k", name: `n${newId()}`, text: "y".repeat(30_000) }),
    "a wrong definition": (user, exp) => user.send(`${exp}/runs/${newId()}/meta.json`, "{}"),
    "a wrong definition, taken": (user) => user.take([{ name: `a/b/${newId()}/meta.json`, text: large }]),
    "a part of an object": (user) => user.take([{ name: objectName(), text: big, size: 2_000_000, end: false }]),
    "a part of an upload": (user) =>
      user.ask("PUT", `objects/${objectName().slice(-64)}?upload=a&offset=0&size=2000000`, big),
  };
}

Deno.test("refused files: they leave nothing behind, by any route", async () => {
  await using w = await world();
  const user = w.user("mallory", "write", { limits: { bytes: 20_000 } });
  const { exp, run } = await user.run();
  const shown = async () =>
    Object.keys(await filesBelow(w.path)).filter((name) => !/^\.dbx\/(usage|index|incoming\/$)|notes\/$/.test(name));
  // The folder `.dbx` gets its files at the first write.
  await user.ask("POST", `runs/${run}/logs/log`, line("a"));
  const before = await shown();
  for (const [way, write] of Object.entries(ways())) {
    await write(user, exp, run);
    assertEquals(await shown(), before, way);
  }
});

Deno.test("refused files: the beginnings of objects count as files", async () => {
  await using w = await world();
  const user = w.user("mallory", "write", { limits: { files: 4 } });
  const statuses: number[] = [];
  for (let at = 0; at < 6; at++) {
    statuses.push((await user.take([{ name: objectName(), text: "x", size: 2_000_000, end: false }])).status);
  }
  assertEquals(statuses, [200, 200, 200, 200, 413, 413]);
});

Deno.test("refused files: notes of a copy come in parts, and after a refusal", async () => {
  await using w = await world();
  const alice = w.user("alice", "write");
  const { exp } = await alice.run();
  const tag = line("dbx/tag", { tag: "a" });
  const posted = `${exp}/notes/${newId()}.log.jsonl`, taken = `${exp}/notes/${newId()}.log.jsonl`;
  const evil = line("dbx/command", { command: "stop", run: newId(), id: newId() });
  for (const name of [posted, taken]) {
    assertEquals((await alice.send(name, evil)).status, 403);
    assertEquals((await alice.take([{ name, text: evil, end: false }])).setbacks.length, 1);
  }
  assertEquals((await alice.send(posted, tag)).status, 200);
  const size = 2 * tag.length;
  const { status, setbacks } = await alice.take([
    { name: taken, text: tag, end: false, size },
    { name: taken, text: tag, offset: tag.length, size },
  ]);
  assertEquals([status, setbacks], [200, []]);
  assertEquals(await Deno.readTextFile(`${w.path}/${taken}`), tag + tag);
});
