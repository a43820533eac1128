// Signals for `dbx run` and its child, against the same child without dbx: what a training sees of a signal must be equal.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { Run } from "../../lib/repo/experiments/run.ts";
import { DBX, scratch, spawn } from "./dbx.ts";

/** Counts what it gets. A stop makes it save, which takes a moment, and end; SIGUSR1 only makes it save. */
const TRAINING = `import os, signal, sys, time
log, patience = sys.argv[1], int(sys.argv[2])
stops, stop = 0, None

def write(word):
    with open(log, "a") as file: file.write(word + "\\n")

def on(number, frame):
    global stops, stop
    name = signal.Signals(number).name
    write(name)
    if name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"): stops, stop = stops + 1, name

for name in ("INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "ALRM", "XCPU", "CONT", "WINCH"):
    number = getattr(signal, "SIG" + name)
    if signal.getsignal(number) != signal.SIG_IGN: signal.signal(number, on)
write("ready")
step = 0
while stops < patience:
    step += 1
    print("step", step)
    time.sleep(0.02)
end = time.monotonic() + 0.5
while time.monotonic() < end: time.sleep(0.02)
write("saved after " + stop)
print("saved")
sys.exit(7)
`;

interface Training extends AsyncDisposable {
  readonly pid: number;
  readonly folder: string;
  /** The words that the training has written. */
  words(): string[];
  /** Waits until it has written a word so many times. */
  until(word: string, count?: number): Promise<void>;
  /** Sends a signal: to dbx alone, or in a way that reaches the child too. */
  send(how: Way, signal: string): Promise<void>;
  readonly ended: Promise<{ code: number; stdout: string; stderr: string }>;
}

/** `one`: the first process alone. `group`: the kernel to all. `each`: to one after the other, as a scheduler does. */
type Way = "one" | "group" | "each";

const decoder = new TextDecoder();

/** Starts a training in a process group of its own. `before`: words before it, such as those of dbx. */
async function train(
  root: string,
  name: string,
  options: { before?: readonly string[]; patience?: number; env?: Record<string, string> } = {},
): Promise<Training> {
  const { before = [], patience = 1 } = options;
  const folder = `${root}/${name}`;
  await Deno.mkdir(folder);
  const script = `${folder}/train.py`;
  await Deno.writeTextFile(script, TRAINING);
  const words = [...before, "python3", script, `${folder}/log`, String(patience)];
  const child = new Deno.Command(words[0], {
    args: words.slice(1),
    cwd: folder,
    env: { DBX_REPO: "", NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const ended = child.output().then(({ code, stdout, stderr }) => ({
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  }));
  let over = false;
  void ended.then(() => over = true);
  const words_ = () => {
    try {
      return Deno.readTextFileSync(`${folder}/log`).split("\n").filter(Boolean);
    } catch {
      return [];
    }
  };
  return {
    pid: child.pid,
    folder,
    words: words_,
    async until(word, count = 1) {
      const end = Date.now() + 60_000;
      while (words_().filter((item) => item === word).length < count) {
        if (Date.now() > end) throw new Error(`"${word}" did not come: ${words_()}`);
        if (over) throw new Error(`it ended before "${word}": ${JSON.stringify([words_(), await ended])}`);
        await pause(10);
      }
    },
    async send(how, signal) {
      const kill = (...targets: string[]) =>
        new Deno.Command("sh", { args: ["-c", `for p in "$@"; do kill -s ${signal} -- $p; done`, "sh", ...targets] })
          .output();
      if (how === "one") await kill(String(child.pid));
      else if (how === "group") await kill(`-${child.pid}`);
      else await kill(...groupOf(child.pid));
    },
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) await new Deno.Command("kill", { args: ["-9", "--", `-${child.pid}`] }).output();
      await ended;
    },
  };
}

/** The processes of a group, in the order of their ids. */
function groupOf(group: number): string[] {
  const pids: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) === group) pids.push(Number(name));
    } catch {
      // It has ended.
    }
  }
  return pids.sort((a, b) => a - b).map(String);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs so many rounds, a few at a time. */
async function rounds(count: number, round: (index: number) => Promise<void>, lanes = 4): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (next < count) await round(next++);
  }));
}

async function recorded(folder: string): Promise<Run> {
  const repository = await openReader(`${folder}/output`);
  const experiments = await Array.fromAsync(repository.experiments());
  assertEquals(experiments.length, 1);
  return (await experiments[0].runs()).at(-1)!;
}

/** From source, the runtime opens its inspector on SIGUSR1, and says so. */
const INSPECTOR = /inspector|Debugger listening|chrome:/;

const RUN = [...DBX, "run", "--quiet", "--no-git", "--system-interval", "0", "--"];

Deno.test("signals: each reaches the child once, whoever else got it, 20 times each [slow]", async () => {
  await using root = await scratch();
  const ways: [Way, string][] = [
    ["one", "USR1"],
    ["group", "USR1"],
    ["each", "USR1"],
    ["one", "INT"],
    ["group", "INT"],
    ["each", "TERM"],
    ["one", "TERM"],
    ["one", "QUIT"],
    ["group", "QUIT"],
    ["one", "HUP"],
    ["group", "HUP"],
    ["one", "USR2"],
    ["one", "CONT"],
    ["group", "WINCH"],
    ["one", "ALRM"],
    ["group", "XCPU"],
  ];
  const sequence = async (name: string, before: readonly string[], times: number) => {
    const stops = times * ways.filter(([, signal]) => /^(INT|TERM|HUP|QUIT)$/.test(signal)).length;
    await using training = await train(root.path, name, { before, patience: stops + 1 });
    await training.until("ready");
    const counts: Record<string, number> = {};
    for (let time = 0; time < times; time++) {
      for (const [how, signal] of ways) {
        counts[`SIG${signal}`] = (counts[`SIG${signal}`] ?? 0) + 1;
        await training.send(how, signal);
        await training.until(`SIG${signal}`, counts[`SIG${signal}`]);
        // What would come twice comes by now; what comes later is found at the end.
        await pause(200);
      }
    }
    // One more stop is the last that it waits for: it saves, and ends by itself.
    await training.send("one", "TERM");
    const ended = await training.ended;
    return { words: training.words(), ended };
  };
  const expected = await sequence("without", [], 1);
  assertEquals(expected.words.length, ways.length + 3);
  await Promise.all([0, 1, 2, 3].map(async (lane) => {
    const { words, ended } = await sequence(`lane-${lane}`, RUN, 5);
    const without: string[] = [];
    for (let time = 0; time < 5; time++) without.push(...expected.words.slice(1, -2));
    assertEquals(words, ["ready", ...without, ...expected.words.slice(-2)]);
    assertEquals([ended.code, ended.stderr.split("\n").filter((line) => !INSPECTOR.test(line)).join("\n")], [7, ""]);
    assertStringIncludes(ended.stdout, "saved\n");
    const run = await recorded(`${root.path}/lane-${lane}`);
    assertEquals([(await run.status()).status, (await run.status()).exitCode], ["killed", 7]);
    const lines = (await Array.fromAsync(run.log("stdout").read())).map(({ data }) => data.text);
    assertEquals(lines.join("\n") + "\n", ended.stdout);
  }));
});

Deno.test("signals: timeout and pkill -f stop a training once, which then saves, 20 times each [slow]", async () => {
  await using root = await scratch();
  const stop = async (name: string, before: readonly string[], how: "timeout" | "pkill") => {
    // The time is up when the test says so: this is the signal that the timer of timeout sends.
    const words = how === "timeout" ? ["timeout", "1000", ...before] : before;
    await using training = await train(root.path, name, { before: words });
    await training.until("ready");
    if (how === "timeout") await training.send("one", "ALRM");
    else await new Deno.Command("pkill", { args: ["-TERM", "-f", `${training.folder}/train.py`] }).output();
    const { code, stderr } = await training.ended;
    // timeout sends SIGCONT too; a process that was not stopped may be told or not.
    return { words: training.words().filter((word) => word !== "SIGCONT"), code, stderr };
  };
  for (const how of ["timeout", "pkill"] as const) {
    const without = await stop(`without-${how}`, [], how);
    assertEquals(without.words, ["ready", "SIGTERM", "saved after SIGTERM"]);
    await rounds(20, async (index) => {
      assertEquals(await stop(`${how}-${index}`, RUN, how), without, `${how}, round ${index}`);
    });
  }
});

Deno.test("signals: a second Ctrl-C is passed on as a second one [slow]", async () => {
  await using root = await scratch();
  await rounds(20, async (index) => {
    await using training = await train(root.path, `${index}`, { before: RUN, patience: 2 });
    await training.until("ready");
    await training.send(index % 2 === 0 ? "group" : "one", "INT");
    await training.until("SIGINT");
    await pause(300);
    await training.send(index % 4 < 2 ? "group" : "one", "INT");
    const { code, stderr } = await training.ended;
    assertEquals([code, stderr, training.words()], [7, "", ["ready", "SIGINT", "SIGINT", "saved after SIGINT"]]);
  });
});

Deno.test("signals: without --grace dbx waits; with it dbx kills, says so, and records it", async () => {
  await using root = await scratch();
  const grace = [...RUN.slice(0, -1), "--grace", "0.3", "--"];
  await using killed = await train(root.path, "killed", { before: grace, patience: 1_000 });
  await killed.until("ready");
  await killed.send("one", "TERM");
  const ended = await killed.ended;
  assertEquals(ended.code, 137);
  assertStringIncludes(ended.stderr, "dbx: killed the command: it had not ended 0.3 s after SIGTERM");
  const run = await recorded(killed.folder);
  const end = (await run.log("dbx").last(1))[0];
  assertEquals([end.data.status, end.data.signal, end.data.killedBy], ["killed", "SIGKILL", "dbx"]);
});

Deno.test("signals: one that was ignored at the start stays ignored, for dbx and the child", async () => {
  if (Deno.env.get("DBX_BINARY") === undefined) {
    // The runtime takes SIGHUP over half a second after it starts a program from source, whether it was ignored or not.
    return console.log("only with the binary: set DBX_BINARY");
  }
  await using root = await scratch();
  for (const signal of ["HUP", "INT", "USR1"]) {
    const ignore = signal === "HUP" ? ["nohup"] : ["sh", "-c", `trap '' ${signal}; exec "$@"`, "sh"];
    await rounds(signal === "HUP" ? 20 : 2, async (index) => {
      await using training = await train(root.path, `${signal}-${index}`, { before: [...ignore, ...RUN] });
      await training.until("ready");
      await training.send("group", signal);
      await training.send("one", signal);
      await pause(400); // That nothing happens takes time to see.
      await training.send("one", "TERM");
      const { code } = await training.ended;
      assertEquals([code, training.words()], [7, ["ready", "SIGTERM", "saved after SIGTERM"]]);
    });
  }
});

Deno.test("signals: a child in a process group of its own gets those that went to dbx's group [slow]", async () => {
  await using root = await scratch();
  await using training = await train(root.path, "own", { before: [...RUN, "setsid"] });
  await training.until("ready");
  assert(training.words().includes("ready"));
  assertEquals(groupOf(training.pid).length, 2, "dbx and its keeper alone");
  await training.send("group", "USR1");
  await training.until("SIGUSR1");
  await training.send("group", "TERM");
  assertEquals((await training.ended).code, 7);
  assertEquals(training.words(), ["ready", "SIGUSR1", "SIGTERM", "saved after SIGTERM"]);
});

Deno.test("signals: on a terminal, Ctrl-Z stops dbx and the child, fg goes on, and Ctrl-C comes once [slow]", async () => {
  await using root = await scratch();
  const name = `dbx-${crypto.randomUUID().slice(0, 8)}`;
  const tmux = async (...args: string[]) => {
    const { success, stdout } = await new Deno.Command("tmux", { args: ["-L", name, ...args] }).output();
    return success ? decoder.decode(stdout) : undefined;
  };
  const log = `${root.path}/log`;
  await Deno.writeTextFile(`${root.path}/train.py`, TRAINING);
  if (await tmux("new-session", "-d", "-x", "120", "-y", "24", "-c", root.path, "bash", "--norc", "-i") === undefined) {
    return console.log("skipped: tmux is not here");
  }
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const end = Date.now() + 60_000;
    while (!await holds()) {
      if (Date.now() > end) throw new Error(`waited in vain for ${what}: ${await tmux("capture-pane", "-p")}`);
      await pause(30);
    }
  };
  const type = async (text: string) => void await tmux("send-keys", text, "Enter");
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  try {
    const words = RUN.map((word) => word === "-A" ? "-A --no-prompt" : word).join(" ");
    await type(`DBX_REPO= ${words} python3 train.py ${log} 1; echo "code $?" >code`);
    await until("the training", async () => (await read(log)).includes("ready"));
    await tmux("send-keys", "C-z");
    await type("jobs -s >stopped");
    await until("the prompt", async () => (await read(`${root.path}/stopped`)).includes("Stopped"));
    const steps = async () => (await tmux("capture-pane", "-p"))?.match(/step \d+/g)?.at(-1);
    const stoppedAt = await steps();
    await pause(200);
    assertEquals(await steps(), stoppedAt, "the child is stopped too");
    await type("clear; fg");
    await until("the next steps", async () => (await steps() ?? stoppedAt) !== stoppedAt);
    await tmux("send-keys", "C-c");
    await until("the end", async () => (await read(log)).includes("saved"));
    const words_ = (await read(log)).split("\n").filter((word) => /INT|TERM|saved/.test(word));
    assertEquals(words_, ["SIGINT", "saved after SIGINT"]);
    await until("dbx itself", async () => (await read(`${root.path}/code`)) !== "");
  } finally {
    await tmux("kill-server");
  }
});

Deno.test("signals: at the end of the grace all that the command has started is killed [slow]", async () => {
  for (const pty of Deno.build.os === "linux" ? [[], ["--pty"]] : [[]]) {
    await using root = await scratch();
    const cwd = root.path;
    // A worker in a session of its own, and one that ignores SIGTERM.
    const script = `trap '' TERM
      setsid sh -c 'echo $$ > own; sleep 60; :' & sh -c 'echo $$ > deaf; sleep 60; :' &
      while [ ! -s own ] || [ ! -s deaf ]; do sleep 0.05; done; echo > ready; sleep 60; sleep 60`;
    const child = spawn(["run", "--no-git", "--grace", "0.5", ...pty, "--", "sh", "-c", script], { cwd });
    while (!await Deno.stat(`${cwd}/ready`).catch(() => undefined)) await new Promise((done) => setTimeout(done, 50));
    await child.stdin.close();
    child.kill("SIGTERM");
    const { stderr } = await child.output();
    const said = decoder.decode(stderr);
    assertStringIncludes(said, "killed the command");
    const lives = async (name: string) => {
      const pid = (await Deno.readTextFile(`${cwd}/${name}`)).trim();
      // One that nobody has waited for yet is dead as well.
      const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] }).output();
      return /^[^Z]/.test(decoder.decode(stdout).trim());
    };
    assertEquals([await lives("own"), await lives("deaf")], [false, false], said);
  }
});
