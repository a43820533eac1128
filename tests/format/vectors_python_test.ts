// The test vectors by another program: check.py, which was written from FORMAT.md alone.
import { assert } from "../assert.ts";
import { VECTORS } from "./vectors.ts";

Deno.test({
  name: "vectors: a program in Python that was written from FORMAT.md alone finds what they expect",
  ignore: !await hasPython(),
  async fn() {
    const args = [decodeURIComponent(new URL("check.py", VECTORS).pathname)];
    const { success, stdout, stderr } = await new Deno.Command("python3", { args }).output();
    assert(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
  },
});

async function hasPython(): Promise<boolean> {
  try {
    const args = ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"];
    return (await new Deno.Command("python3", { args, stdout: "null", stderr: "null" }).output()).success;
  } catch {
    console.error("skipped: there is no python3 here");
    return false;
  }
}
