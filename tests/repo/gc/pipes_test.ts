import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { removeDeadPipes } from "../../../lib/repo/gc/pipes.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("gc: FIFOs that nobody reads go, but not output that was kept, nor what is young, still read or of another machine", async () => {
  const root = await Deno.makeTempDir();
  const readers: Deno.ChildProcess[] = [];
  try {
    const pipes = `${root}/.dbx/pipes`;
    const hosts: Record<string, string> = { elsewhere: "another-machine" };
    const make = async (run: string, isOld: boolean) => {
      await Deno.mkdir(`${pipes}/${run}`, { recursive: true });
      for (const name of ["out", "err"]) {
        assertEquals((await new Deno.Command("mkfifo", { args: [`${pipes}/${run}/${name}`] }).output()).success, true);
      }
      await Deno.writeTextFile(`${pipes}/${run}/run.json`, JSON.stringify({ hostname: hosts[run] ?? Deno.hostname() }));
      if (run === "kept") await Deno.writeTextFile(`${pipes}/${run}/err.kept`, "");
      if (isOld) await Deno.utime(`${pipes}/${run}`, new Date(0), new Date(0));
    };
    await make("dead", true);
    await make("elsewhere", true);
    await make("kept", true);
    await make("young", false);
    await make("read", true);
    const script = 'exec 7<>"$1"; echo ready; exec cat <&7';
    const reader = new Deno.Command("sh", {
      args: ["-c", script, "sh", `${pipes}/read/err`],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    readers.push(reader);
    const output = reader.stdout.getReader();
    await output.read();
    const store = new LocalStore(root);
    assertEquals(removeDeadPipes(store.folder), 1);
    assertEquals((await Array.fromAsync(Deno.readDir(pipes))).map(({ name }) => name).sort(), [
      "elsewhere",
      "kept",
      "read",
      "young",
    ]);
    await output.cancel();
  } finally {
    for (const reader of readers) {
      reader.kill("SIGKILL");
      await reader.status;
    }
    await Deno.remove(root, { recursive: true });
  }
});
