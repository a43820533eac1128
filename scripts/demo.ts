// Trains six small networks through `dbx run`, then looks at them: `deno task demo`. It leaves a repository, `demo-output`,
// and a program to go on with, `dist/bin/dbx`, which runs dbx from this source tree.
const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const bin = `${root}dist/bin`;
const repository = `${root}demo-output`;

/** A word as the shell reads it. */
const quoted = (word: string) => /^[\w./=:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Programs are found here, also a Deno that is not installed: `npx` has it in a folder of its own. */
const deno = Deno.execPath();
const env = { DBX_REPO: repository, PATH: `${bin}:${deno.slice(0, deno.lastIndexOf("/"))}:${Deno.env.get("PATH")}` };

/** Makes the program `dbx`. No terminal may stop it at a question. */
async function makeProgram(): Promise<void> {
  const words = [deno, "run", "-A", "--no-prompt", "--quiet", "--config", `${root}deno.json`, `${root}cli.ts`];
  await Deno.mkdir(bin, { recursive: true });
  await Deno.writeTextFile(`${bin}/dbx`, `#!/bin/sh\nexec ${words.map(quoted).join(" ")} "$@"\n`, { mode: 0o755 });
}

async function dbx(...args: string[]): Promise<void> {
  console.log(`\n$ dbx ${args.map((word) => word.includes("*") ? `'${word}'` : word).join(" ")}`);
  const { code } = await new Deno.Command(`${bin}/dbx`, { args, env, cwd: root }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

async function best(): Promise<string> {
  const args = ["ls", "--json", "--sort", "min:val_loss", "--cols", "id,min:val_loss"];
  const { stdout } = await new Deno.Command(`${bin}/dbx`, { args, env }).output();
  return JSON.parse(new TextDecoder().decode(stdout))[0].id;
}

await makeProgram();
await Deno.remove(repository, { recursive: true }).catch(() => {});
await dbx("init");
const train = ["deno", "run", "-A", "scripts/demo/train.ts"];
for (const lr of [0.3, 0.05, 0.01]) {
  for (const seed of [1, 2]) {
    await dbx("run", "--kind", "spirals", "--", ...train, "--lr", String(lr), "--seed", String(seed));
  }
}
const columns = "id,status,duration,params.lr,params.seed,min:val_loss,max:val_acc,last:train_loss";
await dbx("ls", "--cols", columns, "--sort", "min:val_loss");
console.log("\nthe best experiment by its validation loss, and its curves:");
await dbx("show", await best(), "--plot", "*_loss", "--lines", "3");
console.log(`
To go on with these experiments in this shell:

  export PATH=${quoted(bin)}:"$PATH" DBX_REPO=${quoted(repository)}
  dbx plot val_loss --group-by params.lr
  dbx query 'SELECT params.lr, avg("min:val_loss") AS loss FROM experiments GROUP BY 1 ORDER BY 2'
`);
