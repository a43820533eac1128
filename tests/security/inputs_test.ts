import type { Parameter } from "../../lib/server/api/contract.ts";
import type { ObjectSchema } from "../../lib/server/api/schema.ts";
import { assert, assertEquals } from "../assert.ts";
import { type Operation, OPERATIONS } from "../server/operations.ts";
import { post } from "../server/world.ts";
import { ALWAYS, badValues, DEEP, isFree, membersOf } from "./bad_values.ts";
import { meanwhile, serveProcess } from "./served.ts";

/** A request that must be refused. */
interface Attack {
  readonly what: string;
  readonly url: string;
  readonly init: RequestInit;
}

/** What stands for the parameters of paths. */
type Known = Readonly<Record<string, string>>;

async function gzip(bytes: BlobPart): Promise<ArrayBuffer> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** Sends attacks, a few at a time. Each one must be refused, as the fault of who asks. */
async function send(attacks: readonly Attack[]): Promise<void> {
  const left = attacks.values();
  const taken: string[] = [];
  const worker = async () => {
    for (const { what, url, init } of left) {
      const { status, body } = await fetch(url, init);
      await body?.cancel();
      if (status < 400 || status >= 500) taken.push(`${init.method} ${url.slice(0, 200)}: ${what}: ${status}`);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  assertEquals(taken, []);
}

/** The address of an operation, with everything in it that must be. */
function addressOf(url: string, { path, parameters = [] }: Operation, known: Known): URL {
  const at = new URL(url + path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(known[name])));
  for (const { name, in: place, required, example } of parameters) {
    if (place === "query" && required) at.searchParams.set(name, String(example ?? known[name] ?? 0));
  }
  return at;
}

/** What a parameter may not be, as it stands in a URL. */
function badTexts({ schema }: Parameter): [what: string, text: string][] {
  const item = (schema.type === "array" ? schema.items : schema) as ObjectSchema;
  const { type, maxLength } = item;
  const bad: [string, string][] = [["NUL", "a%00b"]];
  if (maxLength !== undefined) bad.push(["too long", "x".repeat(maxLength + 1)]);
  if (type === "string") {
    if (item.pattern?.startsWith("^[^") === false || item.enum !== undefined) bad.push(["odd", "~%20~"]);
  } else {
    for (const text of ["", "x", "-1", "1e999", "NaN", "9".repeat(400), "0x10", "%F0%9F%98%80"]) {
      bad.push([`"${text}"`, text]);
    }
    if (type !== "number") bad.push(["a fraction", "1.5"]);
  }
  return bad;
}

/** Every parameter of an operation, wrong in every way. */
function badParameters(url: string, operation: Operation, known: Known): Attack[] {
  const { method, parameters = [], path } = operation;
  const init = { method, ...operation.body !== undefined && { body: "{}" } };
  const attacks: Attack[] = [];
  const right = addressOf(url, operation, known).href;
  const more = right.includes("?") ? "&" : "?";
  const add = (what: string, url: string) => attacks.push({ what, url, init });
  for (const parameter of parameters) {
    const { name, in: place, schema, prefix } = parameter;
    if (place === "header") continue;
    for (const [what, text] of badTexts(parameter)) {
      if (place === "path") add(`${name}: ${what}`, right.replace(encodeURIComponent(known[name]), text || "%20"));
      else {
        const without = new URL(right);
        without.searchParams.delete(name);
        const asked = `${prefix === undefined ? name : `${prefix}x`}=${text}`;
        add(`${name}: ${what}`, `${without.href}${without.search === "" ? "?" : "&"}${asked}`);
      }
    }
    if (place === "path") {
      for (const text of ["%zz", "%ED%A0%80", "%C0%80", "%FF", "a".repeat(5000), "%2e%2e%2f%2e%2e%2fx%00"]) {
        add(`${name}: ${text.slice(0, 30)}`, right.replace(encodeURIComponent(known[name]), text));
      }
    } else if (schema.type !== "array") add(`${name} twice`, `${right}${more}${name}=1&${name}=2`);
  }
  add("an unknown parameter", `${right}${more}nosuchthing=1`);
  add("300 parameters", `${right}${more}${Array.from({ length: 300 }, (_, at) => `p${at}=1`).join("&")}`);
  add("a long name", `${right}${more}${"n".repeat(3000)}=1`);
  add("a URL that is too long", `${right}${more}q=${"x".repeat(40_000)}`);
  assert(path.length > 0);
  return attacks;
}

/** The JSON body of an operation, wrong in every way. */
async function badBodies(url: string, operation: Operation, known: Known): Promise<Attack[]> {
  const { method, body } = operation;
  const at = addressOf(url, operation, known).href;
  const attacks: Attack[] = [];
  const add = (what: string, body: BodyInit, headers: Record<string, string> = {}) =>
    attacks.push({
      what,
      url: at,
      init: { method, body, headers: { "content-type": "application/json", ...headers } },
    });
  const examples = Object.values(body!.examples ?? {}) as Record<string, unknown>[];
  assert(examples.length > 0, `${operation.path} has an example`);
  for (const example of examples) {
    for (const [name, schemas] of Object.entries(membersOf(body!.schema!))) {
      const { [name]: _replaced, ...rest } = example;
      const others = JSON.stringify(rest).slice(1, -1);
      // What each way refuses; what one of several allows is no attack.
      const [first, ...further] = schemas.map(badValues);
      const bad = first.filter(({ json }) => further.every((of) => of.some((one) => one.json === json)));
      for (const { what, json } of bad) {
        add(`${name}: ${what}`, `{${[others, `${JSON.stringify(name)}:${json}`].filter(Boolean).join(",")}}`);
      }
    }
    const text = JSON.stringify(example);
    if (isFree(body!.schema!)) {
      for (const { what, json } of ALWAYS) add(`a further member: ${what}`, `${text.slice(0, -1)},"further":${json}}`);
    }
    const [name, value] = Object.entries(example)[0] ?? ["x", 1];
    add("a name twice", text.replace("{", `{${JSON.stringify(name)}:${JSON.stringify(value)},`).replace(/,\}$/, "}"));
    add("two values", text + text);
    add("half", text.slice(0, -1));
    add("a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)]));
    add("UTF-16", new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer));
    add("no UTF-8", new Uint8Array([...new TextEncoder().encode(text.slice(0, -1)), 0xff, 0x7d]));
    add("a digest of other bytes", text, {
      "content-digest": "sha-256=:AAAAo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",
    });
    add("another type", text, { "content-type": "image/png" });
    add("a packing that is not known", text, { "content-encoding": "br" });
    add("no gzip", text, { "content-encoding": "gzip" });
    add("half of gzip", (await gzip(text)).slice(0, 20), { "content-encoding": "gzip" });
  }
  for (const text of ["[]", "1", "null", `"x"`, "x", DEEP, `{"a":${DEEP}}`, "\0", " ".repeat(100)]) {
    add(text.slice(0, 20), text);
  }
  return attacks;
}

/** Bodies that unpack to far more than they are. */
async function bombs(): Promise<readonly (readonly [string, ArrayBuffer])[]> {
  const zeros = await gzip(new Uint8Array(64 * 1024 * 1024));
  return [
    ["a bomb of zeros", zeros],
    ["a bomb of names", await gzip(`{${`"a":{`.repeat(4_000_000)}`)],
    ["a bomb of one text", await gzip(`{"where":"${"(".repeat(20_000_000)}`)],
    ["a bomb in a bomb", await gzip(new Uint8Array(zeros))],
  ];
}

Deno.test("whatever a request says wrongly, in any field of any route, it is refused, and others are answered [slow]", async () => {
  await using server = await serveProcess();
  const { url, api } = server;
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" })).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {})).json();
  const known: Known = {
    exp,
    run,
    log: "log",
    sha256: "0".repeat(64),
    name: `${exp}/runs/${run}/x.log.jsonl`,
    id: exp,
  };
  const attacks: Attack[] = [];
  for (const operation of OPERATIONS) {
    attacks.push(...badParameters(url, operation, known));
    if (operation.body?.schema !== undefined) attacks.push(...await badBodies(url, operation, known));
  }
  assert(attacks.length > 2000, `${attacks.length}`);
  const sent = send(attacks);
  const longest = await meanwhile(`${url}/healthz`, sent);
  await sent;
  assert(longest < 5000, `a second client waited ${longest} ms`);
  const packed = await bombs();
  const large = OPERATIONS.filter(({ body }) => body !== undefined).flatMap((operation) =>
    packed.map(([what, body]) => ({
      what: `${operation.name}: ${what}`,
      url: addressOf(url, operation, known).href,
      init: { method: operation.method, body, headers: { "content-encoding": "gzip" } },
    }))
  );
  // Of bytes that may be anything, only what unpacks to too much is refused.
  const refused = large.filter(({ what }) =>
    !/^(send_object|make_file|extend_file|add_to_log|take): a bomb in/.test(what)
  );
  const sentBombs = send(refused);
  const waited = await meanwhile(`${url}/healthz`, sentBombs);
  await sentBombs;
  assert(waited < 5000, `a second client waited ${waited} ms`);
  assertEquals([server.ended(), server.stderr()], [undefined, ""]);
  assertEquals((await (await fetch(`${api}/experiments/${exp}`)).json()).runs.length, 1);
});
