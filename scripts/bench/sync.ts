// Synchronisation against `rsync -a` on the same tree in the same run, and what goes over HTTP. Needs rsync (on Debian:
// apt-get install rsync) and the binary (`deno task compile`). `--small`: 500 experiments instead of 10,000.
import { parseArgs } from "@std/cli/parse-args";
import { createHash } from "node:crypto";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { Random } from "../../tests/format/random.ts";
import { binary, machine, median, timeCommand } from "./tools.ts";

const flags = parseArgs(Deno.args, { boolean: ["small"], string: ["rounds"] }) as { small: boolean; rounds?: string };
const EXPERIMENTS = flags.small ? 500 : 10_000;
const ROUNDS = Number(flags.rounds ?? 5);
const LOGS = {
  "log.jsonl": 40,
  "dbx.log.jsonl": 3,
  "stdout.log.jsonl": 20,
  "printed.log.jsonl": 5,
  "system.log.jsonl": 10,
};

/** Ten files an experiment: two definitions, five logs, a note, two objects of 1 KB. Returns a log. */
function make(root: string): string {
  const random = new Random(3);
  const alphabet = [..."0123456789abcdefghijklmnopqrstuvwxyz"];
  const id = () => Array.from({ length: 13 }, () => random.pick(alphabet)).join("");
  const time = `"createdAt":"2026-01-01T09:00:00.000Z"`;
  const write = (path: string, text: string) => Deno.writeTextFileSync(`${root}/${path}`, text);
  Deno.mkdirSync(root, { recursive: true });
  write("dbx.json", `{"dbx":1,"id":"${id()}",${time}}\n`);
  let log = "";
  for (let at = 0; at < EXPERIMENTS; at++) {
    const [exp, run] = [id(), id()];
    const folder = `${exp}/runs/${run}`;
    Deno.mkdirSync(`${root}/${folder}`, { recursive: true });
    Deno.mkdirSync(`${root}/${exp}/notes`);
    write(`${exp}/meta.json`, `{"id":"${exp}","kind":"train","name":"","params":{"lr":${random.next()}},${time}}\n`);
    write(`${folder}/meta.json`, `{"id":"${run}",${time},"cmd":["python","train.py"],"hostname":"gpu"}\n`);
    for (const [name, lines] of Object.entries(LOGS)) {
      const line = (step: number) =>
        `{"event":"train/epoch/${step}","ts":${1767258004000 + step},"loss":${random.next()},"acc":${random.next()}}\n`;
      write(`${folder}/${name}`, Array.from({ length: lines }, (_, step) => line(step)).join(""));
    }
    write(`${exp}/notes/${id()}.log.jsonl`, `{"event":"dbx/tag","ts":1,"tag":"x"}\n`);
    for (let count = 0; count < 2; count++) {
      const text = `${at} ${count} ` + "x".repeat(1000);
      const hash = createHash("sha256").update(text).digest("hex");
      Deno.mkdirSync(`${root}/objects/${hash.slice(0, 2)}`, { recursive: true });
      write(`objects/${hash.slice(0, 2)}/${hash}`, text);
    }
    log = `${folder}/log.jsonl`;
  }
  return log;
}

const rows: string[][] = [];
function report(what: string, dbx: readonly number[], rsync: readonly number[], target: string): void {
  const ratio = median(dbx.map((time, at) => time / rsync[at]));
  const ms = (times: readonly number[]) => `${median(times).toFixed(0)} ms`;
  rows.push([what, ms(dbx), ms(rsync), ratio.toFixed(2), target]);
  console.log(rows.at(-1)!.join(" | "));
}

const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
try {
  console.log(`${machine()}; ${EXPERIMENTS} experiments of 10 files; medians of ${ROUNDS} turns\n`);
  console.log("what | dbx | rsync -a | ratio | target");
  const source = `${folder}/source`;
  const log = make(source);
  const append = () => Deno.writeTextFileSync(`${source}/${log}`, `{"event":"more","ts":1,"x":1}\n`, { append: true });
  const copy = (to: string) => timeCommand([binary(), "push", "--create", "-R", source, to]);
  const rsync = (to: string) => timeCommand(["rsync", "-a", "--exclude", ".dbx", `${source}/`, `${to}/`]);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 2500));

  // What changed in the last two seconds is looked at in full, so let that pass.
  await settle();
  const first: number[][] = [[], []];
  const rounds = Math.min(3, ROUNDS);
  for (let turn = 0; turn < rounds; turn++) {
    for (const [at, run] of [copy, rsync].entries()) {
      await timeCommand(["rm", "-rf", `${folder}/${at}`]);
      await timeCommand(["sync"]);
      first[at].push(await run(`${folder}/${at}`));
    }
  }
  report("first copy", first[0], first[1], "at most 1.5");
  await settle();
  const [no, small]: number[][][] = [[[], []], [[], []]];
  for (let turn = 0; turn <= ROUNDS; turn++) {
    for (const [at, run] of [copy, rsync].entries()) {
      const time = await run(`${folder}/${at}`);
      if (turn > 0) no[at].push(time); // The first turn warms the caches.
    }
    append();
    for (const [at, run] of [copy, rsync].entries()) {
      const time = await run(`${folder}/${at}`);
      if (turn > 0) small[at].push(time);
    }
  }
  report("nothing to do", no[0], no[1], "at most 1, and 1 s");
  report("one event more", small[0], small[1], "at most 1");

  // Over HTTP: what is asked, and how many bytes bodies have.
  const controller = new AbortController();
  const { promise: address, resolve: onListen } = Promise.withResolvers<string>();
  const offered = new LocalStore(`${folder}/0`, { cache: `${folder}/0/.dbx/index/folders` });
  const app = new App({ repositories: [{ name: "0", store: offered }], hosts: ["127.0.0.1"] });
  const served = serveHttp(app.handle, { signal: controller.signal, onListen });
  const base = await address;
  let requests = 0, bytes = 0;
  const store = new RemoteStore({
    location: base,
    base,
    async transport(request) {
      requests++;
      const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
      // fetch unpacks answers by itself; what came is what it would be packed.
      const response = await fetch(request.url, { method: request.method, headers: request.headers, body });
      const answer = new Uint8Array(await response.arrayBuffer());
      const isPacked = response.headers.has("vary") || request.url.endsWith("/inventory");
      const sent = isPacked ? await packedLength(answer) : answer.length;
      bytes += (body?.length ?? 0) + sent;
      return new Response(request.method === "HEAD" ? null : answer, {
        status: response.status,
        headers: response.headers,
      });
    },
  });
  const own = new LocalStore(source, { cache: `${source}/.dbx/index/folders` });
  for (const what of ["nothing to do", "one event more"]) {
    await sync(own, store, { direction: "push" });
    if (what !== "nothing to do") append();
    requests = bytes = 0;
    const from = performance.now();
    await sync(own, store, { direction: "push" });
    const ms = performance.now() - from;
    console.log(
      `over HTTP, ${what}: ${
        ms.toFixed(0)
      } ms, ${requests} requests (at most 10), ${bytes} bytes of bodies (at most 16384)`,
    );
  }
  controller.abort();
  await served;
  await following();
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** How long an appended line takes to a server that `dbx push --watch` follows to. */
async function following(): Promise<void> {
  const [a, b] = [`${folder}/live`, `${folder}/live-copy`];
  await timeCommand([binary(), "log", "-q", "-R", a, "note", "x=1"]);
  await timeCommand([binary(), "push", "--create", "-R", a, b]);
  const [log] = Array.from(
    await Array.fromAsync(new LocalStore(a).listFiles()),
    (batch) => batch.map(({ name }) => name),
  )
    .flat().filter((name) => name.endsWith("/log.jsonl"));
  const start = (...args: string[]) =>
    new Deno.Command(binary(), { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
  const server = start("serve", "-R", b, "--listen", "127.0.0.1:0", "--quiet");
  const reader = server.stdout.getReader();
  const url = /http:\S+/.exec(new TextDecoder().decode((await reader.read()).value))![0];
  const pushing = start("push", "-R", a, url, "--watch");
  const said = pushing.stdout.getReader();
  await said.read();
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
    const from = performance.now();
    await Deno.writeTextFile(`${a}/${log}`, `{"event":"live","turn":${turn}}\n`, { append: true });
    while (!(await Deno.readTextFile(`${b}/${log}`)).includes(`"turn":${turn}}`)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    times.push(performance.now() - from);
  }
  for (const child of [pushing, server]) child.kill("SIGKILL");
  await Promise.all([said.cancel(), reader.cancel(), pushing.status, server.status]);
  times.sort((x, y) => x - y);
  console.log(
    `push --watch, 100 events: ${median(times).toFixed(0)} ms until one is there, at the 95th percentile ${
      times[94].toFixed(0)
    } ms, at most ${times[99].toFixed(0)} ms (at most 1000)`,
  );
}

async function packedLength(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
