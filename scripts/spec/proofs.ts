// Which tests name the statements of the specifications.
import { idsIn } from "./statements.ts";

/** A place in the tests that names ids. */
export interface Proof {
  readonly path: string;
  readonly line: number;
  readonly ids: readonly string[];
}

/** Tests of these scripts speak of ids that exist nowhere else. */
const NOT_TESTS = ["tests/fixtures", "tests/scripts"];
const LITERAL = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
/** In data: `"spec": "F12"` or `"spec": ["F12", "F13"]`. */
const FIELD = /"spec"\s*:\s*("[^"]*"|\[[^\]]*\])/g;

/** The places below `tests/`: titles in code, comments in `*.test`, titles and fields `spec` in JSON. */
export function proofsBelow(root: string, folder = "tests"): Proof[] {
  return Array.from(Deno.readDirSync(root + folder)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return NOT_TESTS.includes(path) ? [] : proofsBelow(root, path);
    return /\.(ts|test|jsonl?)$/.test(name) ? proofsIn(path, Deno.readTextFileSync(root + path)) : [];
  });
}

/** The places in one file. */
export function proofsIn(path: string, source: string): Proof[] {
  const proofs: Proof[] = [];
  const add = (at: number, ids: readonly string[]) => {
    if (ids.length > 0) proofs.push({ path, line: source.slice(0, at).split("\n").length, ids });
  };
  if (path.endsWith(".ts")) {
    const code = source.replace(/^\s*\/\/.*$/gm, (comment) => " ".repeat(comment.length));
    for (const match of code.matchAll(LITERAL)) add(match.index, idsIn(match[0]));
  } else if (path.endsWith(".test")) {
    for (const match of source.matchAll(/^#.*$/gm)) add(match.index, idsIn(match[0]));
  } else {
    for (const match of source.matchAll(/"(?:[^"\\\n]|\\.)*"/g)) add(match.index, idsIn(match[0]));
    for (const match of source.matchAll(FIELD)) add(match.index, match[1].match(/[FS]\d+/g) ?? []);
  }
  return proofs;
}
