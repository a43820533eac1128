// How much a token may write: bytes, files, and how fast; whatever the route.
import { createHash } from "node:crypto";
import { newId } from "../../lib/base/ids.ts";
import { objectName } from "../../lib/format/layout/names.ts";
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { serving } from "./serving.ts";
import { type Answer, experimentDefinition, filesBelow, line, runDefinition, type User, world } from "./token_world.ts";

type Made = Awaited<ReturnType<User["run"]>>;
/** One request of about a kilobyte, the `turn`-th. Its answer says whether it was too much. */
type Write = (user: User, made: Made, turn: number) => Promise<Answer>;

const filler = "x".repeat(1000);
const offsets = new Map<string, number>();

/** Where the next bytes of a file go that only these requests write. */
function next(name: string, text: string): number {
  const at = offsets.get(name) ?? 0;
  offsets.set(name, at + text.length);
  return at;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Every way to write. */
const WRITES: Readonly<Record<string, Write>> = {
  "an experiment": (user) => user.post("experiments", { kind: "k", params: { filler } }),
  "a run": (user, { exp }) => user.post(`experiments/${exp}/runs`, { filler }),
  "a note": (user, { exp }) => user.post(`experiments/${exp}/notes`, { event: "dbx/note", data: { text: filler } }),
  "lines": (user, { run }) => user.ask("POST", `runs/${run}/logs/a`, line("a", { filler })),
  "a log that grows": (user, { folder }) => {
    const text = line("b", { filler }), name = `${folder}/b.log.jsonl`;
    return user.send(name, text, next(name, text));
  },
  "a line without an end": (user, { folder }) => {
    const name = `${folder}/c.log.jsonl`;
    return user.send(name, filler, next(name, filler));
  },
  "an object": (user, _, turn) => {
    const text = `object ${turn} ${filler}`;
    return user.ask("PUT", `objects/${sha256(text)}`, text);
  },
  "a part of an object": (user, _, turn) =>
    user.ask("PUT", `objects/${sha256("never")}?offset=${turn * 1000}&size=1000000&upload=a`, filler),
  "parts of many objects": (user, _, turn) =>
    user.ask("PUT", `objects/${sha256(`never ${turn}`)}?offset=0&size=1000000&upload=a`, filler),
  "files that are taken": (user, { folder }, turn) =>
    user.take([{ name: `${folder}/e${turn}.log.jsonl`, text: line("e", { filler }) }]),
  "a log that is taken": (user, { folder }) => {
    const text = line("f", { filler }), name = `${folder}/f.log.jsonl`;
    return user.take([{ name, text, offset: next(name, text), end: false }]);
  },
  "notes that are taken": (user, { exp }) =>
    user.take([{ name: `${exp}/notes/${newId()}.log.jsonl`, text: line("dbx/note", { text: filler }) }]),
  "an object that is taken": (user, _, turn) => {
    const text = `taken ${turn} ${filler}`;
    return user.take([{ name: objectName(sha256(text)), text }]);
  },
  "a large object that is taken in parts": (user, _, turn) =>
    user.take([{ name: objectName(sha256("large")), text: filler, offset: turn * 1000, end: false, size: 5_000_000 }]),
};

/** Bytes and files below a folder, but for what the server notes for itself. */
async function stored(path: string): Promise<{ bytes: number; files: number }> {
  let bytes = 0, files = 0;
  for (const [name, text] of Object.entries(await filesBelow(path))) {
    if (name.endsWith("/") || (name.startsWith(".dbx/") && !name.startsWith(".dbx/incoming/"))) continue;
    bytes += text.length - text.indexOf(" ") - 1;
    files++;
  }
  return { bytes, files };
}

Deno.test("quotas: no route brings in more bytes than a token may write [slow]", async () => {
  await using w = await world();
  const users = Object.keys(WRITES).map((_, at) => w.user(`u${at}`, "write", { limits: { bytes: 12_000 } }));
  await w.restart();
  for (const [at, [way, write]] of Object.entries(WRITES).entries()) {
    const user = users[at];
    const made = await user.run();
    const before = (await stored(w.path)).bytes;
    let refused: Answer | undefined;
    for (let turn = 0; turn < 20 && refused === undefined; turn++) {
      const answer = await write(user, made, turn);
      if (answer.status >= 400) refused = answer;
    }
    assertEquals(refused?.status, 413, `${way}: ${JSON.stringify(refused?.json)}`);
    assert(/quota of this token is used up/.test(refused?.json.error), way);
    const after = (await stored(w.path)).bytes;
    assert(after - before <= 12_000, `${way}: ${after - before} bytes came in`);
    assert(after - before > 8000, `${way}: only ${after - before} bytes came in`);
  }
});

Deno.test("quotas: no route makes more files than a token may, not empty ones either", async () => {
  await using w = await world();
  const log = (made: Made, turn: number) => `${made.folder}/empty${turn}.log.jsonl`;
  const empty: Readonly<Record<string, Write>> = {
    "an empty log by lines": (user, made, turn) => user.ask("POST", `runs/${made.run}/logs/empty${turn}?offset=0`, ""),
    "an empty log that is taken": (user, made, turn) => user.take([{ name: log(made, turn), text: "" }]),
    "one in parts": (user, made, turn) => user.take([{ name: log(made, turn), text: "", end: false }]),
    "runs in other folders": (user, _, turn) =>
      user.take([{ name: `a/b${turn}/${newId()}/meta.json`, text: experimentDefinition(newId()) }]),
    "runs": (user, { exp }) => {
      const run = newId();
      return user.send(`${exp}/runs/${run}/meta.json`, runDefinition(run));
    },
  };
  const some = ["an experiment", "a run", "an object", "files that are taken", "notes that are taken"];
  const ways = [...Object.entries(empty), ...some.map((way) => [way, WRITES[way]] as const)];
  const users = ways.map((_, at) => w.user(`u${at}`, "write", { limits: { files: 8 } }));
  await w.restart();
  for (const [at, [way, write]] of ways.entries()) {
    const user = users[at];
    const made = await user.run();
    const before = (await stored(w.path)).files;
    const statuses = [];
    for (let turn = 0; turn < 12; turn++) statuses.push((await write(user, made, turn)).status);
    const count = (await stored(w.path)).files - before;
    assert(count <= 6, `${way}: ${count} files were made`);
    if (way !== "runs in other folders") assertEquals(statuses.at(-1), 413, way);
  }
});

Deno.test("quotas: a token that writes too fast waits as long as it is told, and no other one does", async () => {
  let now = 0;
  await using w = await world({ quotas: { rate: 20_000 }, now: () => now });
  const user = w.user("fast", "write"), other = w.user("other", "write");
  const { run } = await user.run();
  const send = () => user.ask("POST", `runs/${run}/logs/log`, line("a", { text: "x".repeat(50_000) }));
  assertEquals((await send()).status, 200);
  const { status, headers, json } = await send();
  assertEquals(status, 429);
  const seconds = Number(headers.get("retry-after"));
  assert(seconds >= 1 && seconds <= 3, `${seconds}`);
  assert(/writes too fast/.test(json.error), json.error);
  assertEquals((await user.ask("GET", `runs/${run}`)).status, 200, "it may read");
  assertEquals((await other.run()).exp.length, 13);
  now += seconds * 1000 - 1000;
  assertEquals((await send()).status, 429, "not yet");
  now += 1000;
  assertEquals((await send()).status, 200);
});

Deno.test("quotas: what was written counts after a restart and for a renewed token, alone, and is told", async () => {
  await using w = await world({ quotas: { bytes: 5000 } });
  const user = w.user("a", "write"), free = w.user("b", "write", { limits: { bytes: 1e9 } });
  const { run } = await user.run();
  const send = (user: User, run: string) => user.ask("POST", `runs/${run}/logs/log`, line("a", { filler }));
  for (let turn = 0; turn < 5; turn++) await send(user, run);
  const renewed = Object.assign(Object.create(user), { token: w.tokens.renew("a") }) as User;
  await w.restart();
  assertEquals((await send(renewed, run)).status, 413);
  const { mode } = await Deno.stat(`${w.path}/.dbx/usage.json`);
  assertEquals(mode! & 0o077, 0);
  const { run: other } = await free.run();
  for (let turn = 0; turn < 8; turn++) assertEquals((await send(free, other)).status, 200);
  const metrics = await (await fetch(`${w.url}/metrics`, { headers: free.headers })).text();
  const bytes = /^dbx_token_written_bytes\{repository="repo",token="a"\} (\d+)$/m.exec(metrics);
  assert(Number(bytes?.[1]) > 3000 && Number(bytes?.[1]) <= 5000, metrics);
  assert(/^dbx_token_written_files\{repository="repo",token="b"\} 3$/m.test(metrics), metrics);
});

Deno.test("quotas: push says that it is full; a spool keeps what it could not send, and sends it when there is room [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/served`, own = `${folder.path}/own`;
  await dbx(["init", path]);
  const added = await dbx(["token", "add", "alice", "--max-bytes", "30k", "-R", path]);
  const env = { DBX_TOKEN: added.stdout.trim(), DBX_SPOOL: `${folder.path}/spool`, DBX_REPO: "" };
  await using server = await serving(["-R", path, "--listen", "0", "--quiet"]);
  const far = { env: { ...env, DBX_REPO: server.url } };
  const long = ["sh", "-c", "i=0; while [ $i -lt 60 ]; do echo $i " + filler + "; i=$((i+1)); done"];
  // A training goes on, and ends as it would.
  const run = await dbx(["run", "--kind", "big", "--", ...long], far);
  assertEquals(run.code, 0, run.stderr);
  assert(/quota of this token is used up.*waits in/s.test(run.stderr), run.stderr);
  const full = await dbx(["spool", "push"], far);
  assertEquals(full.code, 1, full.stdout + full.stderr);
  await dbx(["run", "-R", own, "--", ...long], { env });
  const pushed = await dbx(["push", server.url, "-R", own], { ...far, stdin: "" });
  assertEquals(pushed.code, 1);
  assert(/quota of this token is used up.*dbx token set/.test(pushed.stderr), pushed.stderr);
  const counted = async () => (await dbx(["token", "ls", "-R", path])).stdout;
  let use = await counted();
  // It is a second behind.
  for (let tries = 0; tries < 30 && / 0 B of/.test(use); tries++) use = await counted();
  assert(/alice +write .* KiB of 30\.0 KiB/.test(use), use);
  assertEquals((await dbx(["token", "set", "alice", "--max-bytes", "1M", "-R", path])).code, 0);
  let sent = await dbx(["spool", "push"], far);
  // The server reads its tokens again within half a second.
  for (let tries = 0; tries < 30 && sent.code !== 0; tries++) sent = await dbx(["spool", "push"], far);
  assertEquals(sent.code, 0, sent.stderr);
  const again = await dbx(["push", server.url, "-R", own], far);
  assertEquals(again.code, 0, again.stderr);
  const rows = await dbx(["query", "SELECT count(*) AS n FROM runs WHERE status = 'finished'", "--json", "-R", path]);
  assertEquals(JSON.parse(rows.stdout)[0]?.n ?? JSON.parse(rows.stdout).n, 2, rows.stdout);
  assertEquals((await dbx(["check", "-R", path])).code, 0);
});
