// A server that answers as dbx serve does, but for what it says: an honest one stands behind it, whose texts it replaces.
import { contentDigest } from "../../lib/protocol/integrity.ts";

/** How an answer is spoilt. `random`: in [0, 1). */
export interface Spoiler {
  readonly random: () => number;
  readonly evil: () => string;
}

/** A server that lies. */
export interface HostileServer extends AsyncDisposable {
  readonly url: string;
}

/** Listens before an honest server. */
export function hostileServer(honest: string, { random, evil }: Spoiler): HostileServer {
  const spoilt = (json: unknown, key = ""): unknown => {
    // What the client checks before it goes on stays, as a rule: else it would print nothing else.
    const isKept = /^(id|sha256|version|role|folder|meta|event|name|columns|state)$/.test(key) && random() < 0.9;
    if (typeof json === "string") return isKept || random() < 0.3 ? json : evil();
    if (typeof json === "number" && random() < 0.02) return evil();
    if (Array.isArray(json)) return json.map((item) => spoilt(item, key === "columns" ? "columns" : ""));
    if (typeof json !== "object" || json === null) return json;
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [random() < 0.05 ? evil() : name, spoilt(value, name)]),
    );
  };
  const line = (text: string): string => {
    try {
      return JSON.stringify(spoilt(JSON.parse(text)));
    } catch {
      return random() < 0.5 ? text : evil();
    }
  };
  const handler = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const kind = random();
    if (kind < 0.08) return refusal(evil(), 400 + Math.floor(random() * 100), random());
    if (kind < 0.1) return new Response(evil(), { status: 200, headers: { "content-type": "text/html" } });
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const answer = await fetch(`${honest}${url.pathname}${url.search}`, {
      method: request.method,
      headers: headersOf(request.headers),
      body,
    });
    if (answer.headers.get("content-type")?.includes("json") !== true) {
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    }
    const text = await answer.text();
    const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [text];
    const isOne = !answer.headers.get("content-type")!.includes("lines") && lines.length > 1;
    const said = isOne ? line(text) : lines.map(line).join("\n") + "\n";
    const headers = headersOf(answer.headers);
    const bytes = new TextEncoder().encode(said);
    // It lies, and says so consistently.
    if (headers.has("content-digest")) headers.set("content-digest", contentDigest(bytes));
    return new Response(bytes, { status: answer.status, headers });
  };
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, onError: () => new Response("") },
    handler,
  );
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

function headersOf(given: Headers): Headers {
  const headers = new Headers(given);
  for (const name of ["host", "connection", "content-length", "accept-encoding", "content-encoding", "vary"]) {
    headers.delete(name);
  }
  return headers;
}

/** A refusal in each of the ways in which one can be told. */
function refusal(text: string, status: number, which: number): Response {
  const kinds = ["query", "usage", "not-found", "ambiguous", "damage", "limit", text];
  const json = { error: text, kind: kinds[Math.floor(which * kinds.length)], query: text, position: 3 };
  const body = new TextEncoder().encode(JSON.stringify(json));
  const headers = { "content-type": "application/json", "content-digest": contentDigest(body) };
  return new Response(body, { status: status === 429 ? 400 : status, headers });
}
