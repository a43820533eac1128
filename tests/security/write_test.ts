// A token that may write never asks runs to do something, whatever it sends, by whatever way.
import { concat } from "../../lib/base/bytes.ts";
import { newId } from "../../lib/base/ids.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { TokenFile } from "../../lib/server/access/token_file.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { post, serve } from "../server/world.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const encode = (text: string) => new TextEncoder().encode(text);

/** A server, the tokens of somebody who may write and of somebody who may control, and a run. */
async function world() {
  const folder = await scratch();
  const tokens = new TokenFile(`${folder.path}/tokens.json`);
  const write = bearer(tokens.add("w", "write", 1)), control = bearer(tokens.add("c", "control", 1));
  const server = await serve({ tokens });
  const { api } = server;
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" }, write)).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {}, write)).json();
  const requests = async () => (await (await fetch(`${api}/experiments/${exp}/requests`, { headers: control })).json());
  type Sent = readonly [name: string, text: string | Uint8Array, end: boolean, offset?: number];
  const take = async (parts: readonly Sent[], headers = write) => {
    const encoder = new FrameEncoder();
    const pieces: Uint8Array[] = [];
    const offsets = new Map<string, number>();
    for (const [name, text, end, from] of parts) {
      const bytes = Uint8Array.from(typeof text === "string" ? encode(text) : text);
      const offset = from ?? offsets.get(name) ?? 0;
      offsets.set(name, offset + bytes.length);
      pieces.push(...encoder.encode({ name, offset, bytes, end, size: offset + bytes.length }));
    }
    const body = concat([...pieces, encoder.last()]);
    return await (await fetch(`${api}/sync/take`, {
      method: "POST",
      body,
      headers: { ...headers, "dbx-protocol": "1" },
    })).json();
  };
  const dispose = async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { api, exp, run, write, control, requests, take, path: server.path, [Symbol.asyncDispose]: dispose };
}

Deno.test("write: a request whose event is a list of one name is refused", async () => {
  await using w = await world();
  const data = { command: "stop", id: newId(), run: w.run };
  for (const event of [["dbx/command"], [["dbx/command"]], { toString: "dbx/command" }]) {
    const { status } = await post(`${w.api}/experiments/${w.exp}/notes`, { event, data }, w.write);
    assertEquals(status, 400);
  }
  assertEquals((await w.requests()).requests, []);
});

Deno.test("write: parts of notes that are joined only in the file ask for nothing", async () => {
  await using w = await world();
  const stop = `{"event":"dbx/command","ts":1,"command":"stop","id":"${newId()}","run":"${w.run}"}\n`;
  // A torn line first: each part alone is no event, and both together, as one text, are none either.
  for (
    const [first, second] of [["{", stop], [stop.slice(0, 30), stop.slice(30)], ["x", stop], [stop.slice(0, -1), "\n"]]
  ) {
    const name = `${w.exp}/notes/${newId()}.log.jsonl`;
    // What begins at the same byte takes the place of a torn line.
    await w.take([[name, first, false], [name, second, true, 0]]);
    await w.take([[name, first, false], [name, second, true]]);
    await w.take([[name, first, true]]);
    await w.take([[name, second, true]]);
    for (const text of [first, second]) {
      for (const offset of [0, encode(first).length]) {
        const url = `${w.api}/files/${name}?offset=${offset}`;
        await (await fetch(url, { method: "POST", body: text, headers: w.write })).body?.cancel();
      }
    }
  }
  assertEquals((await w.requests()).requests, []);
});

Deno.test("write: the log of a run is no place for a request either", async () => {
  await using w = await world();
  for (const event of ["dbx/command", "\\u0064bx/command"]) {
    const line = `{"event":"${event}","ts":1,"command":"stop","id":"${newId()}","run":"${w.run}"}\n`;
    const url = `${w.api}/runs/${w.run}/logs/log?offset=0`;
    const refused = await fetch(url, { method: "POST", body: line, headers: w.write });
    assertEquals([refused.status, /control/.test(await refused.text())], [403, true]);
  }
});

Deno.test("write: however a request is written and split, none gets in by any way", async () => {
  await using w = await world();
  const seed = Number(Deno.env.get("DBX_TEST_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  let state = seed;
  const random = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * count);
  };
  const pick = <T>(from: readonly T[]): T => from[random(from.length)];
  const escaped = (text: string) =>
    [...text].map((letter) => random(3) === 0 ? "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0") : letter)
      .join("");
  for (let count = 0; count < 150; count++) {
    const data = `"command":"stop","id":"${newId()}","run":"${w.run}"`;
    const name = pick(["dbx/command", escaped("dbx/command")]);
    const key = pick(["event", escaped("event")]);
    const line = pick([
      `{"${key}":"${name}","ts":1,${data}}`,
      `{"event":"dbx/tag","${key}":"${name}","ts":1,${data}}`,
      `{"ts":1,${data},"${key}":"${name}"}`,
      `\ufeff{"${key}":"${name}","ts":1,${data}}`,
      ` { "${key}" : "${name}" , "ts" : 1 , ${data} } `,
      `{"${key}":"${name}","ts":1,${data}}\r`,
      `{"event":"dbx/tag","ts":1,"tag":"x"}\n{"${key}":"${name}","ts":1,${data}}`,
      `{"${key}":"${name}","ts":1,${data},"x":NaN}`,
      `\0{"${key}":"${name}","ts":1,${data}}`,
    ]);
    const before = pick(["", "", "\n", "junk\n", "{", '{"event":"dbx/tag","ts":1,"tag":"a"}\n', "\r\n"]);
    const bytes = encode(before + line + pick(["\n", "\n\n", ""]));
    const notes = `${w.exp}/notes/${newId()}.log.jsonl`;
    const cuts = [
      0,
      ...Array.from({ length: random(4) }, () => random(bytes.length)).sort((a, b) => a - b),
      bytes.length,
    ];
    const pieces = cuts.slice(1).map((to, at) => bytes.slice(cuts[at], to));
    const way = random(3);
    if (way === 0) await w.take(pieces.map((piece, at) => [notes, piece, at === pieces.length - 1]));
    else {
      let offset = 0;
      for (const piece of pieces) {
        const url = way === 1 && offset === 0 ? `${w.api}/files/${notes}` : `${w.api}/files/${notes}?offset=${offset}`;
        const method = way === 1 && offset === 0 ? "PUT" : "POST";
        await (await fetch(url, { method, body: piece, headers: w.write })).body?.cancel();
        offset += piece.length;
      }
    }
  }
  assertEquals((await w.requests()).requests, [], `DBX_TEST_SEED=${seed}`);
});

Deno.test("write: only files of the format are taken, and definitions that are some", async () => {
  await using w = await world();
  const other = newId();
  const experiment = (id: string, more: object = {}) =>
    JSON.stringify({ id, kind: "k", name: "", params: {}, createdAt: "2026-01-01T00:00:00Z", ...more });
  const refused: readonly (readonly [name: string, text: string])[] = [
    [`${w.exp}/evil.py`, "import os"],
    [`${w.exp}/files/evil.py`, "import os"],
    // A log there would make readers take the experiment for one of v0, and pass over its runs.
    [`${w.exp}/x.log.jsonl`, ""],
    [`${w.exp}/runs/${w.run}/evil.py`, "import os"],
    [`${w.exp}/runs/${newId()}/meta.json`, "{"],
    [`${w.exp}/runs/${newId()}/meta.json`, JSON.stringify({ id: w.run, createdAt: "2026-01-01T00:00:00Z" })],
    [`${other}/meta.json`, "no definition"],
    [`${other}/meta.json`, experiment(w.exp)],
    [`${other}/meta.json`, experiment(other, { name: "elsewhere" })],
    [`${other}/meta.json`, experiment(other, { params: 1 })],
    ["run.sh", "#!/bin/sh"],
  ];
  for (const [name, text] of refused) {
    const { files, setbacks } = await w.take([[name, text, true]]);
    assert(!(files > 0) && setbacks?.length !== 0, name);
    for (const method of ["PUT", "POST"]) {
      const url = `${w.api}/files/${name}${method === "POST" ? "?offset=0" : ""}`;
      const answer = await fetch(url, { method, body: text, headers: w.write });
      assert(answer.status >= 400 && answer.status < 500, `${method} ${name}: ${answer.status} ${await answer.text()}`);
      if (!answer.bodyUsed) await answer.body?.cancel();
    }
  }
  const listed = await (await fetch(`${w.api}/query?sql=SELECT+id+FROM+experiments`, { headers: w.write })).json();
  assertEquals(listed, [{ id: w.exp }]);
  assertEquals(
    await Array.fromAsync(Deno.readDir(`${w.path}/${w.exp}`), ({ name }) => name).then((all) => all.sort()),
    [
      "meta.json",
      "runs",
    ],
  );
  const { files, setbacks } = await w.take([[`${other}/meta.json`, experiment(other), true]]);
  assertEquals([files, setbacks], [1, []]);
});

Deno.test("write: tags and notes as dbx writes them are taken, and who may control sends requests by the same ways", async () => {
  await using w = await world();
  const notes = `${w.exp}/notes/${newId()}.log.jsonl`;
  const { files, setbacks } = await w.take([[notes, '{"event":"dbx/tag","ts":1,"tag":"good"}\n', true]]);
  assertEquals([files, setbacks], [1, []]);
  const stop = `{"event":"dbx/command","ts":1,"command":"stop","id":"${newId()}","run":"${w.run}"}\n`;
  const asked = `${w.exp}/notes/${newId()}.log.jsonl`;
  const refused = await w.take([[asked, stop, true]]);
  assert(refused.setbacks[0].kind === "refused" && refused.setbacks[0].message.includes("control"));
  assertEquals((await w.take([[asked, stop, true]], w.control)).setbacks, []);
  assertEquals((await w.requests()).requests.length, 1);
});
