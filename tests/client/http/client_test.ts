// One HTTP client: when it asks again, and what an answer that is an error becomes.
import {
  AmbiguousError,
  BusyError,
  DamageError,
  DbxError,
  GarbledError,
  NotFoundError,
  RefusedError,
  UnreachableError,
  UsageError,
} from "../../../lib/base/errors.ts";
import { HttpClient } from "../../../lib/client/http/client.ts";
import { NoAnswerError } from "../../../lib/client/http/exchange.ts";
import { contentDigest } from "../../../lib/protocol/integrity.ts";
import { LimitError } from "../../../lib/protocol/error_json.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../../assert.ts";

/** An answer of dbx serve. */
function answer(json: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const body = new TextEncoder().encode(JSON.stringify(json));
  const own = { "dbx-protocol": "1", "content-digest": contentDigest(body), ...headers };
  return new Response(body, { status, headers: own });
}

/** A client of a server that answers so one request after another, and the last way for ever. */
function clientOf(...answers: readonly (() => Response | Promise<Response>)[]) {
  const asked = { count: 0 };
  const client = new HttpClient({
    base: "http://peer",
    pause: 1,
    timeouts: { head: 300, body: 3000 },
    transport: async () => await answers[Math.min(asked.count++, answers.length - 1)](),
  });
  return { client, asked };
}

const good = () => answer({ good: true });
const broken = () => Promise.reject(new TypeError("the connection was reset"));
const silent = () => new Promise<Response>(() => {});
const busy = (status: number) => () => answer({ error: "later" }, status, { "retry-after": "0.001" });
const flipped = () => answer({ good: true }, 200, { "content-digest": contentDigest(new Uint8Array([1])) });
const changed = () => answer({ error: "a bit flipped" }, 400, { "dbx-error": "checksum" });
const wrong = () => answer({ error: "no" }, 404);

Deno.test({ name: "HttpClient: what may help is asked again, and nothing else", permissions: "none" }, async () => {
  const cases: [
    name: string,
    answers: (() => Response | Promise<Response>)[],
    asked: number,
    error?: unknown,
  ][] = [
    ["a broken connection", [broken, good], 2],
    ["one that stays broken", [broken], 4, UnreachableError],
    ["a wrong checksum", [flipped, good], 2],
    ["one that stays wrong", [flipped], 4, GarbledError],
    ["a request that was changed on the way", [changed, good], 2],
    ["a server that has never answered", [silent], 1, NoAnswerError],
    ["a server that answered before", [broken, flipped, silent, good], 4],
    ["a refusal", [wrong], 1, NotFoundError],
    ["a busy server", [busy(503), busy(503), busy(503), busy(503), busy(503), good], 6],
    ["one that stays busy", [busy(503)], 6, BusyError],
    [
      "one that asks to come back much later",
      [() => answer({ error: "x" }, 429, { "retry-after": "60" })],
      1,
      DbxError,
    ],
  ];
  for (const [name, answers, count, error] of cases) {
    const { client, asked } = clientOf(...answers);
    if (error === undefined) assertEquals(await client.json("about"), { good: true }, name);
    else {
      const thrown = await assertRejects(() => client.json("about")) as Error;
      assertEquals<unknown>([thrown.constructor, name], [error, name]);
    }
    assertEquals(asked.count, count, name);
  }
  const { client, asked } = clientOf(broken);
  await assertRejects(() => client.json("about", { retries: 0 }), UnreachableError);
  assertEquals(asked.count, 1);
});

Deno.test({ name: "HttpClient: one mapping of errors, by kind, else by status", permissions: "none" }, async () => {
  const cases: [status: number, json: unknown, error: unknown, message: string][] = [
    // About what was asked: as in a folder.
    [422, { error: "no column", kind: "query", query: "select x", position: 7 }, QueryError, "no column"],
    [422, { error: "too long", kind: "limit" }, LimitError, "too long"],
    [422, { error: "bad option", kind: "usage" }, UsageError, "bad option"],
    [404, { error: "no id", kind: "not-found" }, NotFoundError, "no id"],
    [409, { error: "two ids", kind: "ambiguous" }, AmbiguousError, "two ids"],
    // About the server: it is named.
    [409, { error: "other bytes", kind: "damage" }, DamageError, "http://peer: other bytes"],
    [404, { error: "gone", kind: "refused" }, NotFoundError, "http://peer: gone"],
    [400, { error: "what?" }, UsageError, "http://peer: what?"],
    [403, { error: "not you" }, RefusedError, "http://peer: not you"],
    [401, { error: "who?" }, RefusedError, "http://peer: who?; dbx login http://peer"],
    [507, { error: "full" }, DbxError, "http://peer: full"],
    [502, "<html>", DbxError, "Cannot use http://peer: it answers 502"],
  ];
  for (const [status, json, kind, message] of cases) {
    const error = await assertRejects(() => clientOf(() => answer(json, status)).client.call("about")) as Error;
    assertEquals(error.constructor, kind, `${status} ${JSON.stringify(json)}`);
    assertStringIncludes(error.message, message);
    assertEquals(error.message.startsWith("http://peer"), message.startsWith("http://peer"));
  }
});
