// Tries what a command must not be able to do, inside the command's own permissions.
const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<{ repo: string; cwd: string }>) => void) | null;
  postMessage(answer: Record<string, string>): void;
};

scope.onmessage = async ({ data: { repo, cwd } }) => {
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
  scope.postMessage(answer);
};
