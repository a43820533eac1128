import { spawn } from "../e2e/dbx.ts";

/** A server of a repository, and its URL. */
export async function serve(repo: string): Promise<{ url: string } & AsyncDisposable> {
  const child = spawn(["serve", "--create", "--listen", "127.0.0.1:0", "--repo", repo]);
  await child.stdin.close();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!/http:\/\/[^\s"/]+/.test(said)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`dbx serve ended: ${said} ${await new Response(child.stderr).text()}`);
    said += value;
  }
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  const rest = Promise.all([drained, new Response(child.stderr).text()]);
  return {
    url: /http:\/\/[^\s"/]+/.exec(said)![0],
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await Promise.all([child.status, rest]);
    },
  };
}
