import { isPlainHead, QuickAnswers, textOf } from "../../../lib/server/listen/quick_answers.ts";
import type { QuickAnswer } from "../../../lib/server/listen/types.ts";
import { TokenFile } from "../../../lib/server/access/token_file.ts";
import { assert, assertEquals, assertMatch } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { post, serve, type Server } from "../world.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("isPlainHead: a whole head of GET and nothing else", { permissions: "none" }, () => {
  const plain = "GET /a?b=c HTTP/1.1\r\nHost: x\r\nUser-Agent: y z\r\n\r\n";
  assertEquals(isPlainHead(plain), true);
  const kept = plain.replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n");
  assertEquals(isPlainHead(kept), true);
  for (
    const other of [
      plain.slice(0, -1),
      plain + plain,
      plain + "x",
      plain.replaceAll("\r\n", "\n"),
      plain.replace("y z", "y\nz"),
      plain.replace("y z", "é"),
      plain.replace("1.1", "1.0"),
      plain.replace("GET", "HEAD"),
      plain.replace("GET", "POST"),
      plain.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"),
      plain.replace("\r\n\r\n", "\r\ntransfer-encoding: chunked\r\n\r\n"),
      plain.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
      plain.replace("\r\n\r\n", "\r\nConnection: keep-alive, upgrade\r\n\r\n"),
      plain.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"),
    ]
  ) assertEquals(isPlainHead(other), false, JSON.stringify(other));
  assertEquals(textOf(Uint8Array.of(65, 0xe9, 13)), "Aé\r");
  assertEquals(textOf(new Uint8Array(3000)), undefined);
});

Deno.test("QuickAnswers: as long as it is true, for the same bytes alone", { permissions: "none" }, () => {
  let given: ReturnType<QuickAnswer["current"]> = { headers: [["etag", "1"]], text: "é" };
  const told: string[] = [];
  const answers = new QuickAnswers((path, address) => told.push(`${path} ${address}`));
  const text = (head: string) => {
    const answer = answers.to(head, "near");
    return answer && new TextDecoder().decode(answer);
  };
  assertEquals(text("a"), undefined);
  answers.learn("a", { current: () => given }, "/path");
  assertMatch(text("a")!, /^HTTP\/1\.1 200 OK\r\netag: 1\r\ncontent-length: 2\r\ndate: \w{3}, .* GMT\r\n\r\né$/);
  assertEquals(text("b"), undefined);
  given = { headers: [["etag", "2"]], text: "other" };
  assertMatch(text("a")!, /etag: 2\r\n[^]*other$/);
  given = undefined;
  assertEquals(text("a"), undefined);
  assertEquals(told, ["/path near", "/path near"]);
});

/** A server with an experiment, and how often it has asked whether it can answer at once behind the front. */
async function served(): Promise<
  AsyncDisposable & {
    server: Server;
    exp: string;
    asked: () => number;
    lines: string[];
    path: string;
    tokens: TokenFile;
  }
> {
  const folder = await scratch();
  const tokens = new TokenFile(`${folder.path}/tokens.json`);
  let asked = 0;
  const lines: string[] = [];
  let ask: Server["app"]["quick"] = () => undefined;
  const server = await serve({
    tokens,
    http: {
      quick: (request) => {
        if (request.method === "GET") asked++;
        return ask(request);
      },
      onRequest: ({ method, path, status, address }) => lines.push(`${method} ${path} ${status} ${address}`),
    },
  });
  ask = server.app.quick;
  const { exp } = await (await post(`${server.api}/experiments`, { kind: "small" })).json();
  await new Promise((resolve) => setTimeout(resolve, 2500)); // What has just changed is not remembered.
  return {
    server,
    exp,
    asked: () => asked,
    lines,
    path: `/api/v1/experiments/${exp}`,
    tokens,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Whole answers, of letters that are one byte each. */
function answersIn(text: string): number {
  const end = text.indexOf("\r\n\r\n") + 4;
  const whole = end + Number(/\r\ncontent-length: (\d+)/.exec(text.slice(0, end))?.[1]);
  return end < 4 || text.length < whole ? 0 : 1 + answersIn(text.slice(whole));
}

/** A connection on which requests are written by hand. */
class Client implements Disposable {
  readonly #buffer = new Uint8Array(64 * 1024);
  private constructor(readonly connection: Deno.Conn, readonly host: string) {}

  static async of({ url }: Server): Promise<Client> {
    const { hostname, port, host } = new URL(url);
    return new Client(await Deno.connect({ hostname, port: Number(port) }), host);
  }

  head(path: string, more = "", method = "GET"): string {
    return `${method} ${path} HTTP/1.1\r\nHost: ${this.host}\r\n${more}\r\n`;
  }

  /** Sends pieces, one after another; what comes back, as many answers as is said. */
  async ask(pieces: string | readonly string[], times = 1): Promise<string> {
    for (const piece of [pieces].flat()) {
      await this.connection.write(bytes(piece));
      if (pieces !== piece) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    let text = "";
    while (answersIn(text) < times) {
      const count = await this.connection.read(this.#buffer);
      if (count === null) break;
      text += new TextDecoder().decode(this.#buffer.subarray(0, count));
    }
    return text;
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

Deno.test("the front answers a small read that was just asked, until it is something else [slow]", async () => {
  await using world = await served();
  const { server, exp, path, lines } = world;
  using client = await Client.of(server);
  const head = client.head(path);
  const answers: string[] = [];
  for (let turn = 0; turn < 6; turn++) answers.push(await client.ask(head));
  const bodies = answers.map((answer) => answer.slice(answer.indexOf("\r\n\r\n")));
  assertEquals(new Set(bodies).size, 1);
  const headers = (answer: string) =>
    answer.slice(0, answer.indexOf("\r\n\r\n")).split("\r\n")
      .filter((line) => !/^(date|content-digest):/.test(line)).sort();
  assertEquals(headers(answers[5]), headers(answers[0]));
  // The first one goes the long way, of the second one the front learns, and knows all others.
  assertEquals(world.asked(), 2);
  using other = await Client.of(server);
  assertEquals(headers(await other.ask(head)), headers(answers[0]));
  assertEquals(world.asked(), 2);
  assertEquals(lines.filter((line) => line === `GET ${path} 200 127.0.0.1`).length, 7);
  const counted = /dbx_requests_total\{method="GET",status="200"\} (\d+)/;
  assertEquals(counted.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1], "7");

  // Another head is another question.
  assertMatch(await client.ask(client.head(path, "Origin: http://else.where\r\n")), /^HTTP\/1\.1 403/);
  assertMatch(await client.ask(client.head(path, "dbx-protocol: 99\r\n")), /^HTTP\/1\.1 4\d\d/);
  assert(world.asked() > 2);

  // What is written is seen at once.
  const tagged = await post(`${server.api}/experiments/${exp}/notes`, { event: "dbx/tag", data: { tag: "best" } });
  assert(tagged.ok, await tagged.text());
  assertMatch(await other.ask(head), /"tags":\["best"\]/);
});

Deno.test("the front answers nothing that belongs to another request [slow]", async () => {
  await using world = await served();
  const { server, path } = world;
  using client = await Client.of(server);
  const head = client.head(path);
  for (let turn = 0; turn < 3; turn++) await client.ask(head);
  const asked = world.asked();
  const count = (text: string) => text.match(/HTTP\/1\.1 200/g)?.length;
  // Several at once are answered in their order.
  const both = await client.ask(head + client.head("/healthz") + head, 3);
  assertEquals(count(both), 3);
  assertMatch(both, /"small"[^]*"ok"[^]*"small"/);
  // Those in two pieces, too.
  using halves = await Client.of(server);
  assertEquals(count(await halves.ask([head.slice(0, 30), head.slice(30)])), 1);
  // What looks like a head in a body is a body.
  using smuggler = await Client.of(server);
  const begin = smuggler.head("/api/v1/experiments", `Content-Length: ${head.length}\r\n`, "POST");
  const answer = await smuggler.ask([begin, head]);
  assertMatch(answer, /^HTTP\/1\.1 400/);
  assertEquals(answer.match(/HTTP\/1\.1/g)?.length, 1);
  using chunks = await Client.of(server);
  const chunked = chunks.head("/api/v1/experiments", "Transfer-Encoding: chunked\r\n", "POST");
  const size = head.length.toString(16);
  const whole = await chunks.ask([`${chunked}${size}\r\n`, head, "\r\n0\r\n\r\n"]);
  assertEquals(whole.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 400"]);
  assert(world.asked() > asked);

  // Once everybody needs a token, it answers nobody.
  using last = await Client.of(server);
  const before = world.asked();
  assertMatch(await last.ask(head), /^HTTP\/1\.1 200/);
  assertEquals(world.asked(), before);
  world.tokens.add("one", "read", Date.now());
  await new Promise((resolve) => setTimeout(resolve, 600));
  assertMatch(await last.ask(head), /^HTTP\/1\.1 401/);
});

Deno.test("a server that stops waits for no connection on which nothing is asked", async () => {
  const server = await serve({ http: { grace: 20_000 } });
  const silent = await Client.of(server);
  const from = performance.now();
  await server[Symbol.asyncDispose]();
  assert(performance.now() - from < 10_000);
  assertEquals(await silent.connection.read(new Uint8Array(1)).catch(() => null), null);
  silent.connection.close();
});
