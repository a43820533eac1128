// The bytecode that an executable carries: of what everyday commands run, learnt by running them.
import { makeRuns } from "../bench/questions_data.ts";
import { commands } from "../../lib/commands/table.ts";

/** What an executable learnt. */
export interface Learnt {
  /** The chunks that ran in the main isolate. */
  readonly main: ReadonlySet<string>;
  /** Those that ran in the worker of a command, or when a key is pressed. */
  readonly worker: ReadonlySet<string>;
  /** The bytecode of each. */
  readonly bytecode: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

const SELECT = "FROM points JOIN experiments USING (exp) WHERE key = 'loss'";

/** Command lines that need most of what people's commands need. They run one after the other, on one repository. */
const COMMANDS: readonly (readonly string[])[] = [
  ["--version"],
  ["index"],
  ["ls"],
  ["ls"],
  ["ls", "--limit", "2", "--json"],
  ["ls", "--where", "params.lr > 0", "--cols", "id,kind,params.lr,min:loss", "--sort", "min:loss"],
  ["show", "EXP"],
  ["tail", "EXP"],
  ["schema"],
  ["series", "loss", "--group-by", "params.lr"],
  ["plot", "loss"],
  ["diff", "EXP", "OTHER"],
  ["tag", "EXP", "best"],
  ["note", "EXP", "good"],
  ["query", "SELECT 1"],
  ["query", "SELECT exp, kind, params.lr FROM experiments ORDER BY created_at DESC LIMIT 3"],
  ["query", `SELECT run, min(value), max(value), avg(value), count(*) ${SELECT} GROUP BY run`],
  ["query", `SELECT params.lr, step, avg(value), stddev(value) ${SELECT} GROUP BY 1, 2 ORDER BY 3 LIMIT 5`],
  ["query", "SELECT exp, min(min) AS best FROM metrics WHERE key = 'loss' GROUP BY exp ORDER BY best LIMIT 3"],
  ["query", "WITH a AS (SELECT count(*) AS n FROM events) SELECT n + 1 FROM a"],
  ["run", "--param", "lr=0.1", "--", "PROGRAM", "--version"],
  ["log", "--exp", "EXP", "val", "loss=0.5"],
  ["ls", "--status", "finished"],
];

/** What shells ask when a key is pressed: it runs in the main isolate, which needs nothing of it otherwise. */
const KEYS: readonly (readonly string[])[] = [
  ["complete-words", "zsh", "sh"],
  ["complete-words", "zsh", "show", ""],
  ["complete-words", "bash", "63", "dbx ls --kind ", "dbx", "ls", "--kind", ""],
  ["complete-words", "fish", "plot", ""],
  ["complete-words", "zsh", "tag", "EXP", ""],
];

/** Runs commands with an executable that learns. It writes what it learns into `folder`, which must not be there. */
export async function learn(executable: string, folder: string): Promise<Learnt> {
  const home = await Deno.makeTempDir({ prefix: "dbx-learn-" });
  await Deno.mkdir(folder);
  const run = async (args: readonly string[], side: "main" | "worker", repo: string, list: string = side) => {
    const env = {
      DBX_LEARN_FOLDER: folder,
      DBX_LEARN_SIDE: side,
      DBX_LEARN_LIST: list,
      DBX_REPO: repo,
      HOME: home,
    };
    const command = new Deno.Command(executable, { args: [...args], cwd: home, env, stdin: "null", stdout: "null" });
    const { success, stderr } = await command.output();
    if (!success) throw new Error(`Cannot compile: dbx ${args.join(" ")} fails: ${new TextDecoder().decode(stderr)}`);
  };
  try {
    for (const side of ["worker", "main"] as const) {
      const repo = `${home}/${side}`;
      makeRuns(repo, { runs: 20, steps: 200 });
      const [exp, other] = [...Deno.readDirSync(repo)].filter(({ isDirectory }) => isDirectory);
      const words: Readonly<Record<string, string>> = { EXP: exp.name, OTHER: other.name, PROGRAM: Deno.execPath() };
      const lineOf = (command: readonly string[]) => command.map((word) => words[word] ?? word);
      for (const command of COMMANDS) await run(lineOf(command), side, repo);
      if (side === "main") { for (const press of KEYS) await run(lineOf(press), side, repo, "keys"); }
    }
    for (const words of [[], ...await commandNames()]) await run([...words, "--help"], "main", home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
  return await read(folder);
}

/** The words that name each command. */
async function commandNames(): Promise<string[][]> {
  const names: string[][] = [];
  for (const [name, { describe }] of Object.entries(commands)) {
    const { command } = await describe();
    names.push([name]);
    if ("subcommands" in command) names.push(...Object.keys(command.subcommands).map((word) => [name, word]));
  }
  return names;
}

async function read(folder: string): Promise<Learnt> {
  const namesIn = async (file: string) => {
    const runs = (await Deno.readTextFile(`${folder}/${file}`)).trim().split("\n");
    return new Set(runs.flatMap((run) => JSON.parse(run) as string[]));
  };
  const main = await namesIn("main");
  const worker = (await namesIn("worker")).union(await namesIn("keys"));
  const bytecode = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of new Set([...main, ...worker])) {
    bytecode.set(name, await Deno.readFile(`${folder}/${name.replaceAll("/", "+")}.bytecode`));
  }
  return { main, worker, bytecode };
}
