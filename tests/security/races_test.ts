// Whoever may write in a repository's folder can swap a folder in it for a link at any moment, also between two calls of the
// system that make one operation. Here each of these moments is made on purpose, for each operation; then another process
// swaps as fast as it can. What stands behind the link keeps its names, contents and modes.
import { openFifo } from "../../lib/fs/fifo.ts";
import { RootFolder } from "../../lib/fs/folders/root_folder.ts";
import { closeSync } from "node:fs";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

/** Calls of the runtime between which something can happen. */
const CALLS = [
  "openSync",
  "mkdirSync",
  "renameSync",
  "removeSync",
  "linkSync",
  "lstatSync",
  "statSync",
  "realPathSync",
] as const;

const runtime = Deno as unknown as Record<string, (...args: unknown[]) => unknown>;

/** Names below a root that every attack aims at: they are there inside and outside. */
const [FILE, OTHER, FOLDER] = ["a/b/log.jsonl", "c/other", "a/b/runs"];

const OPERATIONS: Readonly<Record<string, (root: RootFolder) => void>> = {
  "make a file": (root) => root.open("a/b/new", { write: true, createNew: true }).close(),
  "append to a file that may be there": (root) => root.open("a/b/new", { append: true, create: true }).close(),
  "append to a file": (root) => root.open(FILE, { append: true, create: true }).close(),
  "cut a file": (root) => root.open(FILE, { write: true, truncate: true }).close(),
  "make folders": (root) => root.makeFolder("a/b/new/deeper"),
  "remove a file": (root) => root.remove(FILE),
  "remove a folder": (root) => root.removeFolder(FOLDER),
  "rename beside": (root) => root.rename(FILE, "a/b/manifest.json"),
  "rename into the folder": (root) => root.rename(OTHER, FILE),
  "rename out of the folder": (root) => root.rename(FILE, OTHER),
  "give a second name in the folder": (root) => root.place(OTHER, "a/b/new"),
  "give a second name outside of the folder": (root) => root.place(FILE, "c/new"),
  "open a FIFO": (root) => {
    // As long as it is open for both, an opening for writing waits for nobody.
    const both = openFifo(root, "a/b/fifo", "r+");
    try {
      closeSync(openFifo(root, "a/b/fifo", "w"));
    } finally {
      closeSync(both);
    }
  },
};

/** A repository, and a folder elsewhere with the same names in it. */
async function places(path: string, hasFifo = true): Promise<{ root: RootFolder; inside: string; outside: string }> {
  const [inside, outside] = [`${path}/r`, `${path}/outside`];
  for (const [folder, text] of [[`${inside}/a/b`, "inside"], [outside, "outside"]]) {
    await Deno.mkdir(`${folder}/runs/deep`, { recursive: true });
    for (const name of ["log.jsonl", "manifest.json", "runs/meta.json", "runs/deep/x"]) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
  }
  await Deno.mkdir(`${inside}/c`);
  await Deno.writeTextFile(`${inside}/${OTHER}`, "inside");
  // A FIFO inside, a file of the same name outside.
  if (hasFifo) await new Deno.Command("mkfifo", { args: [`${inside}/a/b/fifo`] }).output();
  await Deno.writeTextFile(`${outside}/fifo`, "outside");
  await Deno.mkdir(`${inside}/.dbx`);
  await Deno.writeTextFile(`${inside}/.dbx/shared`, "group\n");
  return { root: new RootFolder(inside), inside, outside };
}

/** Names, contents and modes of all that a folder holds. */
function state(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    const mode = `${((Deno.lstatSync(path).mode ?? 0) & 0o7777).toString(8)}`;
    return isDirectory ? [`${path} ${mode}`, ...state(path)] : [`${path} ${mode} ${Deno.readTextFileSync(path)}`];
  }).sort();
}

/** How often a piece of work makes the runtime look or change something, and what happens right before and after one of these calls. */
function watched(work: () => void, at: number, before: () => void, after: () => void): number {
  const real = Object.fromEntries(CALLS.map((call) => [call, runtime[call]]));
  let count = 0;
  for (const call of CALLS) {
    runtime[call] = (...args) => {
      const isNow = count++ === at;
      const own = (work: () => void) => {
        // What the attacker does is not watched.
        for (const call of CALLS) [watching[call], runtime[call]] = [runtime[call], real[call]];
        work();
        for (const call of CALLS) runtime[call] = watching[call];
      };
      const watching: Record<string, (...args: unknown[]) => unknown> = {};
      if (isNow) own(before);
      try {
        return real[call](...args);
      } finally {
        if (isNow) own(after);
      }
    };
  }
  try {
    work();
  } catch {
    // The attack was noticed, or what it did away with was missed.
  } finally {
    for (const call of CALLS) runtime[call] = real[call];
  }
  return count;
}

/**
 * Nothing is changed, added or missing. `isBack`: who attacks has taken the link away before what went behind it could be brought
 * back; then a file may have a random name, and something without contents may be left, but nothing that was there is lost.
 */
function checkOutside(before: readonly string[], after: readonly string[], isBack: boolean, when: string): void {
  if (!isBack) return assertEquals(after, before, when);
  const isRandom = /\/\.tmp-(?:gone-)?[0-9a-z]{13}(?: |\/)/;
  const contents = (lines: readonly string[]) => lines.map((line) => line.replace(/^.*\/(\S+ )?/, "")).sort();
  const added = after.filter((line) => !before.includes(line));
  assertEquals(added.filter((line) => !isRandom.test(line) && !/\/new(?:\/deeper)? \d+$/.test(line)), [], when);
  const missing = contents(before);
  for (const content of contents(after)) {
    const at = missing.indexOf(content);
    if (at >= 0) missing.splice(at, 1);
  }
  assertEquals(missing, [], when);
}

for (const [what, operation] of Object.entries(OPERATIONS)) {
  Deno.test(`a folder that is swapped for a link at any moment of an operation: ${what} [slow]`, async () => {
    await using undisturbed = await scratch();
    const whole = await places(undisturbed.path, what.includes("FIFO"));
    const nothing = () => {};
    const moments = watched(() => operation(whole.root), -1, nothing, nothing);
    assert(moments > 1);
    for (let at = 0; at < moments; at++) {
      for (const when of ["before", "before, and back after", "after"]) {
        await using folder = await scratch();
        const { root, inside, outside } = await places(folder.path, what.includes("FIFO"));
        const before = state(outside);
        const swap = () => {
          Deno.renameSync(`${inside}/a/b`, `${folder.path}/away`);
          Deno.symlinkSync(outside, `${inside}/a/b`);
        };
        const back = () => {
          Deno.removeSync(`${inside}/a/b`);
          Deno.renameSync(`${folder.path}/away`, `${inside}/a/b`);
        };
        const isBack = when.includes("back");
        watched(
          () => operation(root),
          at,
          when === "after" ? nothing : swap,
          isBack ? back : when === "after" ? swap : nothing,
        );
        checkOutside(before, state(outside), isBack, `${when} call ${at}`);
      }
    }
  });
}

/** Swaps a folder for a link and back, as fast as it can, until its stdin ends. */
const SWAPPER = `
const [path, away, outside] = Deno.args;
let isOver = false;
Deno.stdin.read(new Uint8Array(1)).then(() => isOver = true);
for (let round = 0; round < 400000 && !isOver; round++) {
  try {
    Deno.renameSync(path, away);
    Deno.symlinkSync(outside, path);
    Deno.removeSync(path);
    Deno.renameSync(away, path);
  } catch { /* The other side made or removed something there. */ }
  if (round % 64 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
}
`;

Deno.test("a folder that another process swaps for a link again and again: nothing behind it is changed [slow]", async () => {
  await using folder = await scratch();
  const { root, inside, outside } = await places(folder.path);
  const before = state(outside);
  const script = `${folder.path}/swapper.ts`;
  await Deno.writeTextFile(script, SWAPPER);
  const swapper = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", script, `${inside}/a/b`, `${folder.path}/away`, outside],
    stdin: "piped",
    stderr: "null",
  }).spawn();
  let done = 0;
  const end = performance.now() + 2000;
  while (performance.now() < end) {
    for (const operation of Object.values(OPERATIONS)) {
      try {
        operation(root);
        done++;
      } catch {
        // It was swapped just then.
      }
    }
    // What was removed or moved is there again, for the next round.
    for (const name of ["a/b/log.jsonl", "a/b/manifest.json", "c/other"]) {
      try {
        root.open(name, { write: true, createNew: true }).close();
      } catch {
        // It is there.
      }
    }
  }
  await swapper.stdin.close();
  await swapper.status;
  assert(done > 100, `${done}`);
  checkOutside(before, state(outside), true, "in the end");
});
