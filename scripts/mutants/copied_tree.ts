import type { Mutant } from "./read.ts";

/** Seconds after which tests count as failed: what is broken may wait for ever. */
const TIMEOUT_SECONDS = 300;

/** A copy of the tree, in which one place at a time is broken. */
export class CopiedTree implements AsyncDisposable {
  /** Tests that passed in it while nothing was broken. */
  readonly #sound = new Set<string>();
  #isBroken = false;

  private constructor(readonly path: string) {}

  /** Copies what git knows of a tree, as it stands, and what it does not ignore. */
  static async of(root: string): Promise<CopiedTree> {
    const path = await Deno.makeTempDir({ prefix: "dbx-mutants-" });
    const listed = await output("git", ["ls-files", "-co", "--exclude-standard", "-z"], root);
    const made = new Set<string>();
    for (const name of listed.split("\0").filter(Boolean)) {
      const folder = name.slice(0, Math.max(0, name.lastIndexOf("/")));
      if (!made.has(folder)) await Deno.mkdir(`${path}/${folder}`, { recursive: true });
      made.add(folder);
      try {
        await Deno.copyFile(`${root}/${name}`, `${path}/${name}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error; // It was removed, and git does not know that yet.
      }
    }
    return new CopiedTree(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }

  /** Does something while a place is broken. */
  async with<T>({ file, old, broken }: Mutant, work: () => Promise<T>): Promise<T> {
    const path = `${this.path}/${file}`;
    const before = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, before.replace(old, () => broken));
    this.#isBroken = true;
    try {
      return await work();
    } finally {
      await Deno.writeTextFile(path, before);
      this.#isBroken = false;
    }
  }

  /** What a run of tests prints where one of them fails. Throws if the broken code does not compile. */
  async failureOf(tests: readonly string[]): Promise<string | undefined> {
    const key = tests.join("\n");
    if (!this.#isBroken && this.#sound.has(key)) return undefined;
    const command = new Deno.Command("deno", {
      args: ["test", "-A", "--no-check", "--parallel", ...this.#isBroken ? ["--fail-fast"] : [], ...tests],
      cwd: this.path,
      env: { NO_COLOR: "1" },
      stdin: "null",
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
    });
    const { success, stdout, stderr } = await command.output();
    const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (/source code could not be parsed|Module not found|does not provide an export/.test(printed)) {
      throw new Error(`What is put there is not code:\n${printed.slice(-2000)}`);
    }
    if (success && !this.#isBroken) this.#sound.add(key);
    return success ? undefined : printed.slice(-4000);
  }
}

async function output(program: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, { args, cwd, stderr: "inherit" }).output();
  if (!success) throw new Error(`Cannot run ${program} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}
