// Fails where the specifications and their tests do not fit together. Each sentence or row in FORMAT.md and SYNC.md with MUST
// or MUST NOT ends with an id in brackets, [F12] or [S7], which no other sentence has; a number that is no longer used is not
// given again. Other sentences, and rows of tables, may have ids too. Every id is named by a test: in its title, such as
// `Deno.test("frames: a stream without an end is refused [S7]", …)` or "… [S7, S8]"; in a comment of a `*.test`; or in the
// data of tests, `"spec": "S7"` or `"spec": ["S7", "S8"]`.
// `--list` prints each statement and the places that name it, `--json` the same for programs.
import { type Proof, proofsBelow } from "./spec/proofs.ts";
import { type Statement, statementsOf } from "./spec/statements.ts";

const DOCUMENTS = [
  { letter: "F", path: "lib/docs/FORMAT.md" },
  { letter: "S", path: "lib/docs/SYNC.md" },
] as const;

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];
const proofs = new Map<string, Proof[]>();
for (const proof of proofsBelow(root)) {
  for (const id of proof.ids) proofs.set(id, [...proofs.get(id) ?? [], proof]);
}

const known = new Map<string, string>();
const documents = DOCUMENTS.map(({ letter, path }) => {
  const statements = statementsOf(Deno.readTextFileSync(root + path));
  for (const { line, text, ids, demands, isAtEnd } of statements) {
    const where = `${path}:${line}`;
    if (demands && ids.length === 0) errors.push(`${where}: has no id: ${text}`);
    if (ids.length > 1) errors.push(`${where}: has ${ids.length} ids (${ids}): make it as many sentences`);
    if (ids.length === 1 && !isAtEnd) errors.push(`${where}: [${ids}] does not stand at the end: ${text}`);
    for (const id of ids) {
      if (!id.startsWith(letter)) errors.push(`${where}: [${id}] has another letter than ${letter}`);
      if (known.has(id)) errors.push(`${where}: [${id}] stands at ${known.get(id)} too`);
      known.set(id, where);
      if (!proofs.has(id)) errors.push(`${where}: no test names [${id}]: ${text}`);
    }
  }
  return { path, statements };
});
for (const [id, places] of proofs) {
  for (const { path, line } of known.has(id) ? [] : places) {
    errors.push(`${path}:${line}: names [${id}], which no specification has`);
  }
}

const placesOf = (ids: readonly string[]) =>
  ids.flatMap((id) => proofs.get(id) ?? []).map((at) => `${at.path}:${at.line}`);
const isProved = ({ ids }: Statement) => ids.length > 0 && ids.every((id) => proofs.has(id));

if (Deno.args.includes("--json")) {
  const all = documents.map(({ path, statements }) => ({
    path,
    statements: statements.map((statement) => ({ ...statement, tests: placesOf(statement.ids) })),
  }));
  console.log(JSON.stringify({ documents: all, errors }, null, 2));
} else {
  for (const { path, statements } of Deno.args.includes("--list") ? documents : []) {
    console.log(`\n${path}`);
    for (const { line, text, ids } of statements) {
      console.log(`  ${(ids.join(",") || "-").padEnd(5)} line ${line}: ${text}`);
      for (const place of placesOf(ids)) console.log(`        ${place}`);
    }
  }
  for (const error of errors) console.error(error);
  const coverage = documents.map(({ path, statements }) =>
    `${path} ${statements.filter(isProved).length} of ${statements.length}`
  );
  console.log(`spec: statements that a test names: ${coverage.join(", ")}`);
}
if (errors.length > 0) Deno.exit(1);
