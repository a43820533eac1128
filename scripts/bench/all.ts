// Runs every benchmark: `deno task bench`.
for (const name of ["logger", "run", "start", "query", "questions", "rows", "sync", "python"]) {
  const script = new URL(`./${name}.ts`, import.meta.url).href;
  const { code } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", script] }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
