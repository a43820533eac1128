/** Tries what a command must not be able to do, by the permissions of this isolate. Gives `ok` or the name of the error of each. */
export async function probe({ repo, cwd }: { repo: string; cwd: string }): Promise<Record<string, string>> {
  const attempts: Record<string, () => unknown> = {
    readRepository: () => Deno.readTextFileSync(`${repo}/dbx.json`),
    writeRepository: () => Deno.writeTextFileSync(`${repo}/probe`, "x"),
    readOutside: () => Deno.readTextFileSync("/etc/passwd"),
    writeOutside: () => Deno.writeTextFileSync(`${cwd}/probe`, "x"),
    connect: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
    listen: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
    runTrue: () => new Deno.Command("/usr/bin/true").outputSync(),
    runSh: () => new Deno.Command("/bin/sh", { args: ["-c", ":"] }).outputSync(),
    env: () => Deno.env.get("HOME"),
    ffi: () => Deno.dlopen("libc.so.6", {}),
  };
  const answer: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      answer[name] = "ok";
    } catch (error) {
      answer[name] = (error as Error).name;
    }
  }
  return answer;
}
