// Clients that log over the network, and the server, killed at random moments.
import { listSpools } from "../../lib/client/spool/list.ts";
import { Spool } from "../../lib/client/spool/spool.ts";
import { openReader } from "../../lib/repo/open.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

const root = new URL("../../", import.meta.url).href;

const WRITE = `import { openRepository } from "${root}mod.ts";
  const repo = await openRepository(Deno.args[0], { spool: Deno.args[1] });
  const experiment = await repo.experiment({ kind: "k" });
  const run = await experiment.run({ git: false, env: false, durability: "event" });
  console.log(run.id);
  for (let i = 0;; i++) {
    run.log("e", { i });
    if (i % 20 > 0) continue;
    console.log(String(i));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }`;
const SERVE = `import { serveHttp } from "${root}lib/server/listen/listen.ts";
  import { App } from "${root}lib/server/app.ts";
  import { LocalStore } from "${root}lib/store/local/local_store.ts";
  const app = new App({ repositories: [{ name: "r", store: new LocalStore(Deno.args[0]) }], hosts: ["127.0.0.1"] });
  await serveHttp(app.handle, { port: Number(Deno.args[1]), onListen: (url) => console.log(url) });`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function start(script: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--no-check", "--unstable-raw-imports", "--unstable-worker-options", script, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** What a process prints, as it comes, and all of it when it has ended. */
function output(child: Deno.ChildProcess): { text: string; isOver: boolean; readonly all: Promise<string> } {
  const said = { text: "", isOver: false, all: Promise.resolve("") };
  said.all = (async () => {
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) said.text += piece;
    said.isOver = true;
    return said.text;
  })();
  return said;
}

/** Whether a client has logged something for sure: it has printed its run and an event. */
const hasLogged = ({ text }: { readonly text: string }): boolean => text.split("\n").length > 2;

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It had ended.
  }
}

/** Starts the server, and waits until it listens. */
async function serve(path: string, port: number): Promise<{ child: Deno.ChildProcess; url: string }> {
  for (let turn = 0;; turn++) {
    const child = start(SERVE, path, String(port));
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    const url = /http:\S+/.exec(new TextDecoder().decode(value ?? new Uint8Array()))?.[0];
    if (url !== undefined) {
      void (async () => {
        while (!(await reader.read()).done);
      })().catch(() => {});
      return { child, url };
    }
    await child.status;
    if (turn === 20) throw new Error("the server does not start");
    await pause(50);
  }
}

Deno.test("logging over the network: client and server killed 200 times, nothing is lost, torn or doubled [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  await Deno.mkdir(path);
  await Deno.writeTextFile(
    `${path}/dbx.json`,
    `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`,
  );
  const spool = `${folder.path}/spool`;
  const { child, url } = await serve(path, 0);
  const port = Number(new URL(url).port);
  let server = child;
  /** The last event that each run had logged for sure. */
  const acknowledged = new Map<string, number>();
  let kills = 0;
  while (kills < 200) {
    const clients = Array.from({ length: 5 }, () => start(WRITE, url, spool));
    const outputs = clients.map(output);
    for (let turn = 0; turn < 3; turn++) {
      await pause(seeded.next() * 500);
      kill(server);
      await server.status;
      kills++;
      server = (await serve(path, port)).child;
    }
    // On a busy machine they take long to start.
    while (outputs.filter(hasLogged).length < 3 && outputs.some((one) => !one.isOver && !hasLogged(one))) {
      await pause(10);
    }
    await pause(seeded.next() * 300);
    for (const client of clients) {
      await pause(seeded.next() * 30);
      kill(client);
      kills++;
    }
    for (const text of await Promise.all(outputs.map(({ all }) => all))) {
      const [run, ...counts] = text.split("\n").slice(0, -1);
      if (run !== undefined) acknowledged.set(run, Number(counts.at(-1) ?? -1));
    }
    await Promise.all(clients.map(({ status }) => status));
  }
  const options = { location: url, base: url, transport: (request: Request) => fetch(request) };
  const remote = new RemoteStore(options);
  for (const kept of await listSpools(spool, Date.now())) {
    const troubles: string[] = [];
    const left = Spool.open(kept.path, remote, { onMessage: (message) => troubles.push(message) })!;
    assert(await left.sendAll(new AbortController().signal, true), `${kept.path}: ${left.trouble} ${troubles}`);
  }
  assertEquals(await listSpools(spool, Date.now()), []);
  kill(server);
  await server.status;
  const repository = await openReader(path);
  const found = new Map<string, number>();
  for await (const experiment of repository.experiments()) {
    for (const run of await experiment.runs()) {
      let next = 0;
      const reader = run.log();
      for await (const { data } of reader.read({ onProblem: ({ message }) => assert(false, message) })) {
        assertEquals(data.i, next++, `run ${run.id}: in order, none missing, none twice`);
      }
      found.set(run.id, next - 1);
    }
  }
  let some = 0;
  for (const [run, last] of acknowledged) {
    if (last >= 0) some++;
    assert((found.get(run) ?? -1) >= last, `run ${run}: ${found.get(run)} arrived, ${last} was logged`);
  }
  assert(some > 50, `${some} runs logged something`);
});
