import { TokenFile } from "../../lib/server/access/token_file.ts";
import { TrustedProxies } from "../../lib/server/listen/proxy.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { post, serve } from "../server/world.ts";
import { raw, serving, statusOf } from "./serving.ts";

const TOKEN = "a-token-of-some-length";

/** Heads as no program of good will writes them. */
function oddRequests(host: string): Record<string, string> {
  const [, port] = host.split(":");
  const ask = (first: string, ...headers: string[]) =>
    [`${first} HTTP/1.1`, `Host: ${host}`, ...headers, "Connection: close", "", ""].join("\r\n");
  const auth = `Authorization: Bearer ${TOKEN}`;
  const session = `{"token":"ab\\u0000${TOKEN}"}`;
  return {
    "two hosts": ask("GET /api/v1", "Host: evil.example", auth),
    "a host that is none": ask("GET /api/v1", auth).replace(host, "a b/c"),
    "a host with a password": ask("GET /api/v1", auth).replace(host, `me:secret@${host}`),
    "half an address as host": ask("GET /api/v1", auth).replace(host, "[::1"),
    "a cookie that is badly encoded": ask("GET /api/v1", `Cookie: dbx_token_${port}=${TOKEN}%zz`),
    "NUL in a token": ask("GET /api/v1", `Authorization: Bearer ${TOKEN}\0`),
    "NUL in a session": ask("POST /api/v1/session", `Content-Length: ${session.length}`) + session,
    "a long token": ask("GET /api/v1", `Authorization: Bearer ${TOKEN.repeat(1000)}`),
    "bytes beyond ASCII": ask("GET /api/v1", `Authorization: Bearer ${TOKEN}\xff\xfe`, "X-\xff: \xfe"),
    "a name that is badly encoded": ask("GET /api/v1/experiments/%zz", auth),
    "a repository that is badly encoded": ask("GET /repos/%zz/api/v1", auth),
    "NUL in a name": ask("GET /api/v1/experiments/%00", auth),
    "a negative length": ask("POST /api/v1/query", auth, "Content-Length: -5"),
    "two lengths": ask("POST /api/v1/query", auth, "Content-Length: 2", "Content-Length: 3") + "{} ",
    "a length and chunks": ask("POST /api/v1/query", auth, "Content-Length: 2", "Transfer-Encoding: chunked") +
      "0\r\n\r\n",
    "a folded header": ask("GET /api/v1", auth, "X-A: b\r\n c"),
    "an encoding that is none": ask("POST /api/v1/query", auth, "Content-Encoding: \xff", "Content-Length: 2") + "{}",
    "malformed range": ask("GET /api/v1/files/dbx.json", auth, "Range: bytes=99999999999999999999-"),
    TRACE: ask("TRACE /api/v1", auth),
    "TRACE below a repository": ask("TRACE /repos/r/api/v1/files/dbx.json", auth),
    CONNECT: ask(`CONNECT ${host}`, auth),
    "a method that is none": ask("BREW /api/v1", auth),
  };
}

Deno.test("odd requests are refused, never a failure of the server, and no token stands in its log", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["log", "-q", "-R", repo, "e", "x=1"]);
  await using server = await serving(["-R", repo, "--listen", "127.0.0.1:0"], { env: { DBX_TOKEN: TOKEN } });
  const requests = Object.entries(oddRequests(new URL(server.url).host));
  const answers = await Promise.all(requests.map(async ([name, text]) => [name, await raw(server.url, text)] as const));
  for (const [name, answer] of answers) {
    const status = statusOf(answer);
    // A connection that is closed without an answer is refused, too.
    assert(status === 0 || (status >= 400 && status < 500), `${name}: ${answer.slice(0, 200)}`);
    assert(!answer.includes(folder.path) && !answer.includes(TOKEN), `${name}: ${answer}`);
    if (/TRACE/.test(name)) assertEquals(status, 405, name);
  }
  const { stdout, stderr } = await server.stop();
  assert(!(stdout + stderr).includes(TOKEN), "no token in what it says");
  assertEquals(stderr, "");
});

Deno.test("errors say nothing of where things lie on this machine", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const errors: string[] = [];
  await using server = await serve({
    repositories: [{ name: "repo", store: new LocalStore(path), folder: `${folder.path}/index` }],
    onError: (message) => errors.push(message),
  });
  const told: string[] = [];
  const ask = async (route: string, init?: RequestInit) => {
    told.push(await (await fetch(`${server.api}/${route}`, init)).text());
  };
  const all = async () => {
    for (
      const route of ["experiments", "query?sql=SELECT+1+FROM+runs", "schema", "live?sql=SELECT+1", "files/", "list"]
    ) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 3000);
      await ask(route, { signal: controller.signal }).catch(() => {});
      clearTimeout(timer);
    }
    await ask("experiments", { method: "POST", body: "{}" });
    await ask("sync/take", { method: "POST", body: "{}", headers: { "dbx-protocol": "1" } });
  };
  await all(); // There is no repository.
  await Deno.remove(path, { recursive: true }).catch(() => {});
  await Deno.writeTextFile(path, "a file where a folder should be");
  await all();
  await Deno.remove(path);
  await Deno.mkdir(path, { recursive: true });
  await Deno.writeTextFile(`${path}/dbx.json`, "damaged");
  await Deno.remove(`${folder.path}/index`, { recursive: true }).catch(() => {});
  await Deno.writeTextFile(`${folder.path}/index`, "a file where a folder should be");
  await all();
  for (const text of told) assert(!text.includes(folder.path), text);
});

Deno.test("cookies: named by the port, Secure behind a proxy that says so, and gone after logging out", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await initRepository(path);
  const tokens = TokenFile.of(path);
  const token = tokens.add("me", "control", 1);
  const options = { path, repositories: [{ name: "r", store: new LocalStore(path), tokens }] };
  const cookieOf = async (api: string, headers: Record<string, string> = {}) => {
    const answer = await post(`${api}/session`, { token }, headers);
    assertEquals(answer.status, 204);
    return answer.headers.get("set-cookie")!;
  };
  const https = { "x-forwarded-proto": "https" };
  {
    await using server = await serve(options);
    const port = new URL(server.url).port;
    const cookie = await cookieOf(server.api, https);
    assert(cookie.startsWith(`dbx_token_${port}=`) && /HttpOnly; SameSite=Strict/.test(cookie), cookie);
    assert(!cookie.includes("Secure"), "whoever is no proxy is not believed");
    const own = { cookie: cookie.split(";")[0] };
    assertEquals((await fetch(server.api, { headers: own })).status, 200);
    const other = { cookie: own.cookie.replace(port, `${Number(port) + 1}`) };
    assertEquals((await fetch(server.api, { headers: other })).status, 401, "of another port");
    const foreign = { ...own, origin: "https://evil.example" };
    assertEquals((await fetch(`${server.api}/session`, { method: "DELETE", headers: foreign })).status, 403);
    const out = await fetch(`${server.api}/session`, { method: "DELETE", headers: { ...own, origin: server.url } });
    assertEquals(out.status, 204);
    assert(/^dbx_token_\d+=; .*Max-Age=0/.test(out.headers.get("set-cookie")!));
    assertStringIncludes(await (await fetch(server.url, { headers: own })).text(), "Log out");
    assertStringIncludes(await (await fetch(`${server.url}/home.js`)).text(), "DELETE");
  }
  await using behind = await serve({ ...options, http: { proxies: new TrustedProxies(["127.0.0.1"]) } });
  assertStringIncludes(await cookieOf(behind.api, https), "; Secure");
});

Deno.test("odd requests: bodies that are framed or packed wrongly are 4xx, and no second request comes of them [slow]", async () => {
  await using server = await serve({ token: TOKEN });
  const { host } = new URL(server.url);
  const head = (more: string) =>
    `POST /api/v1/sync/prove HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
    `dbx-protocol: 1\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
  const smuggled = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const bad = [
    head("Content-Length: 4\r\nTransfer-Encoding: chunked") + `2\r\n{}\r\n0\r\n\r\n${smuggled}`,
    head("Transfer-Encoding: chunked, identity") + `0\r\n\r\n${smuggled}`,
    head("Content-Length: 2\r\nContent-Length: 20") + `{}${smuggled}`,
    head("Content-Length: +2") + `{}${smuggled}`,
    head("Transfer-Encoding: chunked") + `f;${"a".repeat(100_000)}\r\n{"extents":[]} \r\n0\r\n\r\n`,
    head("Transfer-Encoding: chunked") + `zz\r\n${smuggled}`,
  ];
  for (const message of bad) {
    const answer = await raw(server.url, message, 2000);
    // Some are cut off without a word.
    assert(["HTTP/1.1 400", ""].includes((answer.match(/HTTP\/1\.1 \d+/g) ?? []).join()), message.slice(0, 400));
  }
  // Trailers are no headers, and what comes after them is the next request.
  const trailers = head("Transfer-Encoding: chunked") +
    `f\r\n{"extents":[]} \r\n0\r\nAuthorization: Bearer other\r\nHost: elsewhere\r\n\r\n${smuggled}`;
  const answers = await raw(server.url, trailers, 2000);
  assertEquals(answers.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200"]);
  for (
    const more of ["Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "Upgrade: websocket", "Expect: 100-continue"]
  ) {
    const answer = await raw(
      server.url,
      head(`Connection: Upgrade\r\nContent-Length: 14\r\n${more}`) + `{"extents":[]}`,
      1500,
    );
    // Nothing is upgraded; an upgrade of a request with a body is refused by the runtime.
    const statuses: readonly string[] = answer.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
    assert(["200", "400"].includes(statuses.at(-1) ?? "") && !statuses.includes("101"), more + answer);
  }
  const zip = async (text: string) =>
    new Uint8Array(
      await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
    );
  const whole = await zip(`{"extents":[]}`);
  const packed = [
    new Uint8Array([...await zip(`{"extents":`), ...await zip(`[]}`)]),
    whole.slice(0, -4),
    whole.slice(1),
  ];
  for (const body of packed) {
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      "content-encoding": "gzip",
      "content-type": "application/json",
      "dbx-protocol": "1",
    };
    const response = await fetch(`${server.api}/sync/prove`, { method: "POST", body, headers });
    assertEquals(response.status, 400);
    await response.body?.cancel();
  }
  assertEquals(server.errors, []);
});
