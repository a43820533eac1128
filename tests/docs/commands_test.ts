import { assert, assertEquals } from "../assert.ts";
import { knownOf } from "./command_names.ts";
import { blocksOf, type Document, documents, proseOf } from "./documents.ts";

/** Words after `dbx` that are no command: `dbx --version`, and `help`, which the program itself answers. */
const OTHERS = new Set(["help", "--version", "--help"]);

/** Options of other programs that documents name. */
const FOREIGN = new Set(["--api-key", "--password", "--inspect"]);

/** Every text of a document that may hold command lines: blocks of shell code line by line, and inline code. */
function codeOf(document: Document): string[] {
  const blocks = [...blocksOf(document, "sh"), ...blocksOf(document, "bash")].join("\n").replaceAll("\\\n", " ");
  const inline = [...proseOf(document).matchAll(/`([^`]+)`/g)].map(([, code]) => code.replace(/\s+/g, " "));
  return [...blocks.split("\n"), ...inline];
}

/** The command lines of dbx in a line of shell code, each with the words up to its end or to the command that it runs. */
function commandLines(code: string): string[][] {
  const lines: string[][] = [];
  for (const [, rest] of code.matchAll(/(?:^|[|;&(]\s*|\$\(|\w=\S* )dbx (.*)/g)) {
    const unquoted = rest.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, "TEXT");
    const own = unquoted.split(/ -- | #|\$\(|[|;&)<>]/)[0];
    lines.push(own.trim().split(/\s+/));
    lines.push(...commandLines(rest.slice(own.length)));
  }
  return lines;
}

async function faultsOf(words: readonly string[]): Promise<string[]> {
  if (OTHERS.has(words[0]) || /^[A-Z<…]|\\/.test(words[0])) return [];
  const at = words.findIndex((word, index) => !word.startsWith("-") && !/^(--repo|-R)$/.test(words[index - 1] ?? ""));
  const name = words[at];
  const known = await knownOf(words.slice(at));
  if (known === undefined) return [`dbx ${name} is not a command`];
  const faults = words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split("=")[0])
    .filter((option) => !known.options.has(option)).map((option) => `dbx ${name} has no ${option}`);
  const action = words[at + 1];
  if (known.actions !== undefined && /^[a-z]+$/.test(action ?? "") && !known.actions.includes(action)) {
    faults.push(`dbx ${name} has no ${action}`);
  }
  return faults;
}

Deno.test("documents: each command and option of dbx that code names is in the table of commands", async () => {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const document of documents) {
    for (const words of codeOf(document).flatMap(commandLines)) {
      seen.add(words[0]);
      for (const fault of await faultsOf(words)) faults.push(`${document.path}: ${fault}: dbx ${words.join(" ")}`);
    }
  }
  assertEquals(faults, []);
  assert(seen.size > 25, `the pattern finds ${[...seen].join(", ")}`);
});

Deno.test("documents: an option that inline code names alone belongs to some command", async () => {
  const { commands } = await import("../../lib/commands/table.ts");
  const all = new Set<string>();
  for (const name of Object.keys(commands)) {
    for (const option of (await knownOf([name]))!.options) all.add(option);
  }
  const faults: string[] = [];
  // Pages beside tests and scripts name the options of these.
  for (const document of documents.filter(({ path }) => !/^(tests|scripts)\//.test(path))) {
    for (const [, option] of proseOf(document).matchAll(/`(--[a-z][a-z-]*)[^`]*`/g)) {
      if (!all.has(option) && !FOREIGN.has(option)) faults.push(`${document.path}: ${option}`);
    }
  }
  assertEquals(faults, []);
});
