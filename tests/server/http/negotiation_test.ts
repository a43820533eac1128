import { isFresh, takesGzip } from "../../../lib/server/http/responses.ts";
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { objectName } from "../../../lib/format/layout/names.ts";
import { initRepository } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals } from "../../assert.ts";
import { serve } from "../world.ts";

const ACCEPTED: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, false],
  ["", false],
  ["gzip", true],
  ["GZIP", true],
  ["gzip, deflate, br, zstd", true],
  ["br, gzip;q=0.5", true],
  ["*", true],
  ["gzip;q=0", false],
  ["gzip; q=0.0, identity", false],
  ["*, gzip;q=0", false],
  ["identity, gzip;q=0.5", false],
  ["br", false],
  ["notgzip", false],
];

for (const [accepted, expected] of ACCEPTED) {
  Deno.test(`takesGzip: ${accepted === undefined ? "no header" : `"${accepted}"`}`, () => {
    const headers = new Headers(accepted === undefined ? {} : { "accept-encoding": accepted });
    assertEquals(takesGzip({ method: "GET", headers, body: null }), expected);
  });
}

const TAG = `"run-a,b-12"`;
const KNOWN: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, false],
  ["", false],
  [TAG, true],
  [`W/${TAG}`, true],
  [`"other", W/"more",${TAG}`, true],
  ["*", true],
  [" * ", true],
  [`"other"`, false],
  [`"run-a,b-123"`, false],
  ["run-a,b-12", false],
  [`"*"`, false],
];

for (const [known, expected] of KNOWN) {
  Deno.test(`isFresh: ${known === undefined ? "no header" : known}`, () => {
    const headers = new Headers(known === undefined ? {} : { "if-none-match": known });
    assertEquals(isFresh({ method: "GET", headers, body: null }, TAG), expected);
  });
}

Deno.test("the server compresses only for who takes it, and compares tags of all answers in one way", async () => {
  await using server = await serve();
  const store = new LocalStore(server.path);
  await initRepository(store.location);
  const { folder, definition } = await createExperiment(store, { kind: "k", params: { text: "x".repeat(4000) } });
  const run = await createRun(store, folder, {});
  const line = new TextEncoder().encode(`{"event":"a","ts":1}\n`);
  await store.append(`${run.folder}/a.log.jsonl`, 0, line);
  const sha256 = "ab".repeat(32);
  await store.create(objectName(sha256), line);

  const show = `${server.api}/experiments/${definition.id}`;
  for (const [accepted, encoding] of [["gzip", "gzip"], ["gzip;q=0", null]] as const) {
    const answer = await fetch(show, { headers: { "accept-encoding": accepted } });
    // The client may hide that it has unpacked an answer.
    assertEquals(answer.headers.get("content-digest") === null, encoding !== null, accepted);
    await answer.body?.cancel();
  }
  for (const url of [show, `${server.api}/runs/${run.definition.id}/logs/a`, `${server.api}/objects/${sha256}`]) {
    const first = await fetch(url);
    await first.body?.cancel();
    const etag = first.headers.get("etag")!;
    const weak = etag.startsWith("W/") ? etag : `W/${etag}`;
    for (const known of [etag, weak, `"other", ${weak}`, "*"]) {
      const { status } = await fetch(url, { headers: { "if-none-match": known } });
      assertEquals(status, 304, `${url} ${known}`);
    }
    const other = await fetch(url, { headers: { "if-none-match": `"x${etag.slice(1)}` } });
    assertEquals(other.status, 200);
    await other.body?.cancel();
  }
});
