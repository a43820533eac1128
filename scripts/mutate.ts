// Breaks places in the code on purpose, each alone in a copy of the tree, and runs the tests nearest to it: one of them
// must fail. Prints what no test noticed. `deno task mutants [--check] [--jobs 2] [--only WORDS] [--keep-going]`
//
// `--check` only proves that every place still stands in the code as `scripts/mutants/*.txt` has it, and breaks nothing.
// `--only` takes the places whose description, file or test contains the words.
import { parseArgs } from "@std/cli/parse-args";
import { type Mutant, readMutants, wrongMutants } from "./mutants/read.ts";
import { CopiedTree } from "./mutants/copied_tree.ts";

/** So many of the places may live: some of them show only where something else fails, too. */
const SURVIVORS = 5;

const options = parseArgs(Deno.args, {
  boolean: ["check"],
  string: ["jobs", "only"],
  unknown: (word: string) => fail(`unknown: ${word}`),
});
const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const all = readMutants(root);
const wrong = wrongMutants(root, all);
if (wrong.length > 0) fail(wrong.join("\n"));
if (options.check) {
  console.log(`mutants: ${all.length} places stand in the code as they are written down`);
  Deno.exit(0);
}
const mutants = all.filter((mutant) => textOf(mutant).includes(options.only ?? ""));
if (mutants.length === 0) fail(`no place has "${options.only}" in it`);

const survivors: Mutant[] = [];
const waiting = [...mutants];
const workers = Array.from({ length: Math.max(1, Number(options.jobs ?? 2)) }, async () => {
  await using tree = await CopiedTree.of(root);
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const sound = await tree.failureOf(mutant.tests);
    if (sound !== undefined) throw new Error(`${mutant.at}: its tests fail before anything is broken\n${sound}`);
    const from = performance.now();
    const failure = await tree.with(mutant, () => tree.failureOf(mutant.tests));
    const seconds = ((performance.now() - from) / 1000).toFixed(1).padStart(6);
    if (failure === undefined) survivors.push(mutant);
    console.log(`${failure === undefined ? "SURVIVED" : "died    "} ${seconds} s  ${mutant.what}`);
  }
});
for (const ended of await Promise.allSettled(workers)) if (ended.status === "rejected") fail(String(ended.reason));
for (const { at, what, file } of survivors) console.log(`no test noticed: ${what} (${file}, ${at})`);
console.log(`mutants: ${mutants.length - survivors.length} of ${mutants.length} died`);
if (survivors.length > SURVIVORS) Deno.exit(1);

function textOf({ what, file, tests }: Mutant): string {
  return [what, file, ...tests].join("\n");
}

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}
