import { copy } from "@std/fs/copy";
import type { Role } from "../../lib/protocol/roles.ts";
import { TokenFile } from "../../lib/server/access/token_file.ts";
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { serving } from "../security/serving.ts";
import { ADVICE, SCHEMATHESIS, type Trial, tryServer } from "./schemathesis.ts";

const isCi = Deno.env.get("CI") === "true";
if (SCHEMATHESIS === undefined && !isCi) console.log(`skipped: ${ADVICE}`);

/** So many requests of each operation are made up; `deno task fuzz:api` asks for more, and for others each time. */
const WANTED = Deno.env.get("DBX_TEST_REQUESTS");
const EXAMPLES = Number(WANTED ?? 5);
const SEED = WANTED === undefined ? 1 : crypto.getRandomValues(new Uint32Array(1))[0];

/** A test that has schemathesis. Where it is not there it is skipped, but in CI it fails. */
function schemathesisTest(name: string, test: () => Promise<void>): void {
  Deno.test({
    name,
    ignore: SCHEMATHESIS === undefined && !isCi,
    fn: SCHEMATHESIS === undefined ? () => Promise.reject(new Error(ADVICE)) : test,
  });
}

/** A repository with experiments of several kinds, and what to ask it for. */
interface Filled {
  readonly repo: string;
  readonly known: Readonly<Record<string, string>>;
}

async function fill(repo: string): Promise<Filled> {
  const steps = Array.from({ length: 5 }, (_, at) => `{"event":"train/epoch/${at}","loss":0.${at},"text":"é"}`);
  const program = ["sh", "-c", `echo out; for line in '${steps.join("' '")}'; do echo "$line"; done`];
  for (const params of [["lr=0.1"], ["lr=1e-3", "layers=[1,2]"]]) {
    const said = params.flatMap((param) => ["--param", param]);
    await dbx([
      "run",
      "-q",
      "-R",
      repo,
      "--kind",
      "train",
      "--name",
      "a/b",
      "--tag",
      "good",
      ...said,
      "--",
      ...program,
    ]);
  }
  await dbx(["log", "-q", "-R", repo, "eval", "acc=0.9"]);
  const { stdout } = await dbx([
    "query",
    "-R",
    repo,
    "--json",
    "SELECT exp, run FROM runs WHERE script = 'sh' LIMIT 1",
  ]);
  const [{ exp, run }] = JSON.parse(stdout);
  const bytes = new TextEncoder().encode("an object");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await Deno.mkdir(`${repo}/objects/${digest.slice(0, 2)}`, { recursive: true });
  await Deno.writeFile(`${repo}/objects/${digest.slice(0, 2)}/${digest}`, bytes);
  return { repo, known: { EXP: exp, RUN: run, SHA256: digest } };
}

/** Tries a server of a copy of a repository. */
async function tryAs(
  role: Role | undefined,
  { repo, known }: Filled,
  trial: Pick<Trial, "phases" | "examples">,
): Promise<void> {
  await using folder = await scratch();
  const own = `${folder.path}/repo`;
  await copy(repo, own);
  const token = role === undefined ? undefined : TokenFile.of(own).add("tester", role, Date.now());
  await using server = await serving(["-q", "-R", own, "--listen", "127.0.0.1:0", "--trust-proxy", "127.0.0.1"]);
  const verdict = await tryServer(server.url, {
    ...trial,
    seed: SEED,
    token,
    known: { ...known, TOKEN: token ?? "none" },
  });
  assert(verdict.isGood, `seed ${SEED}, role ${role ?? "none"}:\n${verdict.report}`);
  if (WANTED !== undefined) console.log(verdict.report.split("\n").slice(-12).join("\n"));
  const { code, stderr } = await server.stop();
  assertEquals([code, stderr], [0, ""], "it has nothing to say of requests that it did not expect");
  // Who may send copies as they are may send damaged ones.
  if (role !== "write") return;
  const { code: checked, stdout } = await dbx(["check", "-R", own]);
  assertEquals(checked, 0, `the repository is as it must be afterwards: ${stdout}`);
}

schemathesisTest(
  "the server is as its document says, for every role, by all checks of schemathesis [slow]",
  async () => {
    await using folder = await scratch();
    const filled = await fill(`${folder.path}/repo`);
    const few = Math.max(1, Math.floor(EXAMPLES / 4));
    const others = async () => {
      await tryAs("control", filled, { phases: ["examples", "fuzzing", "stateful"], examples: EXAMPLES });
      for (const role of ["read", "write", "agent", undefined] as const) {
        await tryAs(role, filled, { phases: ["examples", "fuzzing"], examples: few });
      }
    };
    // Two at the same time: what makes up the requests uses one processor.
    await Promise.all([tryAs("control", filled, { phases: ["coverage"], examples: 1 }), others()]);
  },
);
