// Trains six small networks through `dbx run`, then looks at them: `deno task demo`.
const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
/** The words that start a script of the tree. No terminal may stop it at a question. */
const words = (
  script: string,
) => ["run", "-A", "--no-prompt", "--quiet", "--config", `${root}deno.json`, `${root}${script}`];
const repository = `${Deno.cwd()}/demo-output`;

async function dbx(...args: string[]): Promise<void> {
  console.log(`\n$ dbx ${args.join(" ")}`);
  const options = { args: [...words("cli.ts"), ...args], env: { DBX_REPO: repository } };
  const { code } = await new Deno.Command(Deno.execPath(), options).spawn().status;
  if (code !== 0) Deno.exit(code);
}

async function best(): Promise<string> {
  const args = [...words("cli.ts"), "ls", "--json", "--sort", "min:val_loss", "--cols", "id,min:val_loss"];
  const options = { args, env: { DBX_REPO: repository } };
  const { stdout } = await new Deno.Command(Deno.execPath(), options).output();
  return JSON.parse(new TextDecoder().decode(stdout))[0].id;
}

await Deno.remove(repository, { recursive: true }).catch(() => {});
await dbx("init");
for (const lr of [0.3, 0.05, 0.01]) {
  for (const seed of [1, 2]) {
    const train = [Deno.execPath(), ...words("scripts/demo/train.ts")];
    await dbx("run", "--kind", "spirals", "--name", "demo", "--", ...train, "--lr", String(lr), "--seed", String(seed));
  }
}
const columns = "id,status,duration,params.lr,params.seed,min:val_loss,max:val_acc,last:train_loss";
await dbx("ls", "--cols", columns, "--sort", "min:val_loss");
console.log("\nthe best experiment by its validation loss, and its curves:");
await dbx("show", await best(), "--plot", "*_loss", "--lines", "3");
