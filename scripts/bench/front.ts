// What the front of `dbx serve` costs: the same handler behind it, and as the runtime serves it alone, over TCP, TLS and a socket in
// the file system. Requests a second on one connection and on 32, new connections a second, and how fast a large answer comes.
// The two servers of a kind run one after the other, several rounds; medians. `--seconds 2` for each figure, `--rounds 3`. Needs
// openssl.
import { parseArgs } from "@std/cli/parse-args";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { machine, median } from "./tools.ts";

const KINDS = ["tcp", "tls", "unix"] as const;
type Kind = typeof KINDS[number];

const flags = parseArgs(Deno.args, { string: ["seconds", "rounds", "kind", "folder"], boolean: ["front"] });
const SECONDS = Number(flags.seconds ?? 2);
const ROUNDS = Number(flags.rounds ?? 3);
const LARGE = 64 * 1024 * 1024;
const PIECE = new Uint8Array(256 * 1024);

if (flags.kind !== undefined) await serve(flags.kind as Kind, flags.folder!, flags.front);
else await compare();

function answer(request: Request): Response {
  if (!request.url.endsWith("/large")) return new Response("hello");
  let left = LARGE;
  return new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(PIECE.slice());
        if ((left -= PIECE.length) <= 0) controller.close();
      },
    }),
    { headers: { "content-length": String(LARGE) } },
  );
}

/** Serves until it is killed; says the port. */
async function serve(kind: Kind, folder: string, front: boolean): Promise<void> {
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  const tls = kind === "tls" ? { cert: read("cert.pem"), key: read("key.pem") } : undefined;
  const unix = kind === "unix" ? `${folder}/socket` : undefined;
  if (front) {
    const limits = { rate: 1e9, atOnce: { all: 1e6, each: 1e6 }, front: { strangers: 4000, each: 4000 } };
    return await serveHttp(({ request }) => answer(request), { ...limits, tls, unix, onListen: console.log });
  }
  const onListen = (address: Deno.Addr) => console.log("port" in address ? `x:${address.port}` : "x");
  const server = unix === undefined
    ? Deno.serve({ hostname: "127.0.0.1", port: 0, onListen, ...tls }, answer)
    : Deno.serve({ path: unix, onListen }, answer);
  await server.finished;
}

async function compare(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
  try {
    await certificate(folder);
    console.log(`${machine()}; ${SECONDS} s for each figure, medians of ${ROUNDS}; behind the front (alone)\n`);
    for (const kind of KINDS) {
      const figures: Record<string, number[][]> = {};
      for (let round = 0; round < ROUNDS; round++) {
        for (const [at, front] of [true, false].entries()) {
          for (const [name, value] of Object.entries(await measured(kind, folder, front))) {
            (figures[name] ??= [[], []])[at].push(value);
          }
        }
      }
      const told = Object.entries(figures).map(([name, [front, alone]]) =>
        `${name} ${Math.round(median(front))} (${Math.round(median(alone))})`
      );
      console.log(`${kind}: ${told.join(", ")}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measured(kind: Kind, folder: string, front: boolean): Promise<Record<string, number>> {
  const script = new URL(import.meta.url).pathname;
  const args = ["run", "-A", "--quiet", script, "--kind", kind, "--folder", folder, ...front ? ["--front"] : []];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped" }).spawn();
  const { value } = await child.stdout.getReader().read();
  const port = Number(/:(\d+)\s*$/.exec(new TextDecoder().decode(value))?.[1] ?? 0);
  const ca = kind === "tls" ? await Deno.readTextFile(`${folder}/cert.pem`) : "";
  const connect = (): Promise<Deno.Conn> =>
    kind === "unix"
      ? Deno.connect({ transport: "unix", path: `${folder}/socket` })
      : kind === "tcp"
      ? Deno.connect({ hostname: "127.0.0.1", port })
      : Deno.connectTls({ hostname: "localhost", port, caCerts: [ca] });
  try {
    await requests(connect, 4, 0.3);
    return {
      "1 connection": await requests(connect, 1, SECONDS),
      "32 connections": await requests(connect, 32, SECONDS),
      "new connections": await connections(connect, SECONDS),
      "MB/s": await megabytes(connect),
    };
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await Deno.remove(`${folder}/socket`).catch(() => {});
  }
}

function head(path: string, more = ""): Uint8Array {
  return new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
}

async function requests(connect: () => Promise<Deno.Conn>, count: number, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let answered = 0;
  await Promise.all(Array.from({ length: count }, async () => {
    const connection = await connect();
    const [message, buffer] = [head("/"), new Uint8Array(4096)];
    while (performance.now() < end) {
      await connection.write(message);
      await connection.read(buffer);
      answered++;
    }
    connection.close();
  }));
  return answered / seconds;
}

async function connections(connect: () => Promise<Deno.Conn>, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let answered = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    const [message, buffer] = [head("/", "Connection: close\r\n"), new Uint8Array(4096)];
    while (performance.now() < end) {
      const connection = await connect();
      await connection.write(message);
      while (await connection.read(buffer) !== null);
      connection.close();
      answered++;
    }
  }));
  return answered / seconds;
}

async function megabytes(connect: () => Promise<Deno.Conn>): Promise<number> {
  const connection = await connect();
  await connection.write(head("/large"));
  const buffer = new Uint8Array(256 * 1024);
  const from = performance.now();
  for (let came = 0; came < LARGE;) came += (await connection.read(buffer)) ?? Infinity;
  connection.close();
  return LARGE / 1e3 / (performance.now() - from);
}

async function certificate(folder: string): Promise<void> {
  const args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost".split(
    " ",
  );
  const { success } = await new Deno.Command("openssl", {
    args: [
      ...args,
      "-addext",
      "subjectAltName=DNS:localhost",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      "-keyout",
      `${folder}/key.pem`,
      "-out",
      `${folder}/cert.pem`,
    ],
    stderr: "null",
  }).output();
  if (!success) throw new Error("openssl could not make a certificate");
}
