import { KEEPER_SCRIPT } from "../../lib/commands/record/child/keeper_script.ts";
import { assertEquals, assertStringIncludes } from "../assert.ts";

Deno.test("keeper: of a process that has ended, nothing is said but that it is gone", async () => {
  const ended = new Deno.Command("true").spawn();
  await ended.status;
  const child = new Deno.Command("sh", {
    args: ["-c", `exec 3>&1; ${KEEPER_SCRIPT}`],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`child ${ended.pid}\n? ${ended.pid}\n? ${Deno.pid}\nbye\n`));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  const said = new TextDecoder().decode(stdout);
  assertStringIncludes(said, "? gone\n");
  assertEquals(said.match(/^\? (same|other)$/gm)?.length, 1);
});
