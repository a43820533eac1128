// A server under load, on loopback: clients that send batches of events, followers of live queries, a query a second; then
// small reads against an empty handler, by wrk (on Debian: apt-get install wrk). Needs the binary (`deno task compile`).
// `--seconds 10` for a shorter run, `--batch 500` events a request.
import { parseArgs } from "@std/cli/parse-args";
import { binary, machine, median } from "./tools.ts";

const flags = parseArgs(Deno.args, { string: ["seconds", "batch", "clients", "followers"] }) as Record<string, string>;
const SECONDS = Number(flags.seconds ?? 60);
const BATCH = Number(flags.batch ?? 500);
const CLIENTS = Number(flags.clients ?? 200);
const FOLLOWERS = Number(flags.followers ?? 50);
const encoder = new TextEncoder();

/** A connection on which requests go one after another. */
class Connection {
  readonly #buffer = new Uint8Array(64 * 1024);
  private constructor(readonly tcp: Deno.TcpConn) {}

  static async open(port: number): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends a request and returns the text of the answer, head and body. */
  async ask(head: string, body: Uint8Array = new Uint8Array()): Promise<string> {
    const bytes = new Uint8Array(head.length + body.length);
    encoder.encodeInto(head, bytes);
    bytes.set(body, head.length);
    for (let at = 0; at < bytes.length;) at += await this.tcp.write(bytes.subarray(at));
    let text = "";
    while (true) {
      const count = await this.tcp.read(this.#buffer);
      if (count === null) throw new Error("the server closed the connection");
      text += new TextDecoder().decode(this.#buffer.subarray(0, count));
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) continue;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length >= end + 4 + length) return text;
    }
  }
}

const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const server = new Deno.Command(binary(), {
  args: ["serve", "-R", folder, "--listen", "127.0.0.1:0", "--quiet"],
  stdin: "null",
  stdout: "piped",
  stderr: "inherit",
}).spawn();
try {
  await new Deno.Command(binary(), { args: ["init", folder], stdout: "null" }).output();
  const reader = server.stdout.getReader();
  const url = /http:\S+/.exec(new TextDecoder().decode((await reader.read()).value))![0];
  const port = Number(new URL(url).port);
  console.log(`${machine()}; ${CLIENTS} clients, batches of ${BATCH} events, ${FOLLOWERS} followers, ${SECONDS} s\n`);
  await latency(url);
  await load(url, port);
  await small(url);
} finally {
  server.kill("SIGTERM");
  await server.status;
  await Deno.remove(folder, { recursive: true });
}

/** Follows a stream; the function that comes back ends that. */
async function follow(url: string, onText: (text: string) => void): Promise<() => Promise<void>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) onText(decoder.decode(next.value));
  })();
  return async () => {
    await reader.cancel();
    await reading;
  };
}

async function post(url: string, json: unknown): Promise<Record<string, string>> {
  return await (await fetch(url, { method: "POST", body: JSON.stringify(json) })).json();
}

/** Resident memory of the server in MiB. */
function memory(): number {
  const line = /VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${server.pid}/status`));
  return Math.round(Number(line![1]) / 1024);
}

async function load(url: string, port: number): Promise<void> {
  const api = `${url}/api/v1`;
  const runs: string[] = [];
  for (let at = 0; at < CLIENTS; at++) {
    const { exp } = await post(`${api}/experiments`, { kind: "bench", params: { client: at } });
    runs.push((await post(`${api}/experiments/${exp}/runs`, {})).run);
  }
  // A series that is not there is an error of a query, live or not.
  await (await fetch(`${api}/runs/${runs[0]}/logs/first`, { method: "POST", body: `{"event":"first","loss":0}` }))
    .text();
  let changes = 0, errors = 0;
  const latest: number[] = [];
  const sql = "SELECT count(*) AS n, max(value) FROM points WHERE key = 'loss'";
  const followers = await Promise.all(
    Array.from({ length: FOLLOWERS }, () =>
      follow(`${api}/live?sql=${encodeURIComponent(sql)}`, (text) => {
        changes++;
        if (/event: error/.test(text)) errors++;
      })),
  );
  const batches = Array.from({ length: 20 }, (_, at) => {
    const lines = Array.from({ length: BATCH }, (_, i) => {
      return `{"event":"train/epoch/${at * BATCH + i}","ts":${1767258004000 + i},"loss":${
        (Math.random()).toFixed(6)
      },"acc":0.5}\n`;
    });
    return encoder.encode(lines.join(""));
  });
  const sent = new Array<number>(CLIENTS).fill(0);
  const events = new Array<number>(CLIENTS).fill(0);
  const until = performance.now() + SECONDS * 1000;
  const client = async (at: number) => {
    const connection = await Connection.open(port);
    for (let turn = 0; performance.now() < until; turn++) {
      const from = performance.now();
      const body = batches[turn % batches.length];
      const answer = await connection.ask(
        `POST /api/v1/runs/${runs[at]}/logs/log?offset=${sent[at]} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
          `Content-Length: ${body.length}\r\n\r\n`,
        body,
      );
      if (!answer.startsWith("HTTP/1.1 200")) {
        errors++;
        console.error(answer.slice(0, 300));
        return;
      }
      if (at === 0) latest.push(performance.now() - from);
      sent[at] += body.length;
      events[at] += BATCH;
    }
    connection.tcp.close();
  };
  const queries: number[] = [];
  const memories: number[] = [];
  const asking = (async () => {
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      memories.push(memory());
      const from = performance.now();
      const response = await fetch(
        `${api}/query?sql=${encodeURIComponent("SELECT status, count(*) FROM experiments GROUP BY 1")}`,
      );
      if (!response.ok) errors++;
      await response.text();
      queries.push(performance.now() - from);
    }
  })();
  const from = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => client(at)));
  const took = (performance.now() - from) / 1000;
  await asking;
  await Promise.all(followers.map((end) => end()));
  // Nothing is lost: each log has exactly what was sent.
  let lost = 0;
  for (const [at, run] of runs.entries()) {
    const { logs } = await (await fetch(`${api}/runs/${run}`)).json();
    if (logs.find(({ name }: { name: string }) => name === "log")?.size !== sent[at]) lost++;
  }
  const total = events.reduce((sum, count) => sum + count, 0);
  const third = Math.floor(memories.length / 3);
  console.log(
    `ingest: ${
      Math.round(total / took)
    } events/s (at least 200000), ${total} in all, ${errors} errors, ${lost} logs that differ`,
  );
  console.log(
    `a batch takes ${median(latest).toFixed(1)} ms; a query ${
      median(queries).toFixed(0)
    } ms, ${queries.length} of them`,
  );
  console.log(`live: ${changes} messages to ${FOLLOWERS} followers`);
  console.log(
    `memory: ${memories[0]} MiB after a second, ${median(memories.slice(third, 2 * third))} in the middle third, ${
      median(memories.slice(2 * third))
    } in the last, ${Math.max(...memories)} at most`,
  );
}

/** How long an event takes to reach 100 followers, whether it comes by HTTP or another process appends it. */
async function latency(url: string): Promise<void> {
  const api = `${url}/api/v1`;
  const { exp } = await post(`${api}/experiments`, { kind: "live" });
  const { run, folder: place } = await post(`${api}/experiments/${exp}/runs`, {});
  await (await fetch(`${api}/runs/${run}/logs/first`, { method: "POST", body: `{"event":"first","turn":-1}` })).text();
  const at = new Map<number, number>();
  const times: number[][] = [[], []];
  const sql = "SELECT max(value) FROM points WHERE key = 'turn'";
  const followers = await Promise.all(Array.from({ length: 100 }, () => {
    let last = -1;
    return follow(`${api}/live?sql=${encodeURIComponent(sql)}`, (text) => {
      const now = performance.now();
      for (const [, value] of text.matchAll(/\[(\d+)\]\]/g)) {
        for (let turn = last + 1; turn <= Number(value); turn++) {
          if (at.has(turn)) times[turn % 2].push(now - at.get(turn)!);
        }
        last = Number(value);
      }
    });
  }));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  for (let turn = 0; turn < 200; turn++) {
    const line = `{"event":"e","ts":${turn + 1},"turn":${turn}}\n`;
    at.set(turn, performance.now());
    if (turn % 2 === 0) await Deno.writeTextFile(`${folder}/${place}/log.jsonl`, line, { append: true });
    else await (await fetch(`${api}/runs/${run}/logs/log`, { method: "POST", body: line })).text();
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await Promise.all(followers.map((end) => end()));
  for (const [way, list] of times.entries()) {
    list.sort((a, b) => a - b);
    const what = way === 0 ? "appended by another process" : "sent by HTTP";
    console.log(
      `live, ${what}: ${median(list).toFixed(1)} ms until each of 100 followers has it, ${
        list[Math.floor(list.length * 0.95)].toFixed(1)
      } ms at the 95th percentile (at most 100), ${list.length} deliveries`,
    );
  }
}

/** Requests a second that wrk sees, medians of three. */
async function wrk(url: string): Promise<number> {
  const rates: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const { stdout } = await new Deno.Command("wrk", { args: ["-t1", "-c16", "-d4s", url] }).output();
    rates.push(Number(/Requests\/sec:\s+([\d.]+)/.exec(new TextDecoder().decode(stdout))![1]));
  }
  return median(rates);
}

async function small(url: string): Promise<void> {
  const { exp } = await post(`${url}/api/v1/experiments`, { kind: "small", params: { lr: 0.1 } });
  const { run } = await post(`${url}/api/v1/experiments/${exp}/runs`, {});
  const now = Date.now();
  const lines = `{"event":"dbx/start","ts":${
    now - 1000
  }}\n{"event":"dbx/end","ts":${now},"status":"finished","durationMs":1000}\n`;
  await (await fetch(`${url}/api/v1/runs/${run}/logs/dbx?offset=0`, { method: "POST", body: lines })).text();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const script = `${folder}/empty.ts`;
  await Deno.writeTextFile(
    script,
    `Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, () => new Response("{}"));`,
  );
  const deno = Deno.env.get("DENO") ?? Deno.execPath();
  const empty = new Deno.Command(deno, { args: ["run", "-A", "--no-config", script], stdout: "piped", stderr: "null" })
    .spawn();
  const reader = empty.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value).match(/\d{4,5}/)![0]);
  const rates = [await wrk(`${url}/api/v1/experiments/${exp}`), await wrk(`http://127.0.0.1:${port}/`)];
  empty.kill("SIGKILL");
  await empty.status;
  const [own, peer] = rates.map((rate) => Math.round(rate));
  console.log(
    `small reads (an experiment): ${own} requests/s; an empty Deno.serve: ${peer}; ratio ${
      (own / peer).toFixed(2)
    } (at least 0.5)`,
  );
}
