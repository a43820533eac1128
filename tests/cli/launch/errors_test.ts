import { toExitResult } from "../../../lib/cli/launch/errors.ts";
import { assertEquals } from "../../assert.ts";

Deno.test(
  "endingOf: a refusal of the runtime is a sentence of ours, without its advice",
  { permissions: "none" },
  () => {
    const cases = [
      ['Requires read access to "/etc/x, y", run again with the --allow-read flag', 'Cannot read "/etc/x, y"'],
      ['Requires write access to "/etc/x", run again with the --allow-write flag', 'Cannot write "/etc/x"'],
      ['Requires run access to "sh", run again with the --allow-run flag', 'Cannot start "sh"'],
      ['Requires net access to "host:80", run again with the --allow-net flag', 'Cannot connect to "host:80"'],
      ['Requires env access to "HOME", run again with the --allow-env flag', 'Cannot read the variable "HOME"'],
      ['Requires all access to "/proc/x", run again with the --allow-all flag', 'Cannot use "/proc/x"'],
      ["Requires sys access, run again with the --allow-sys flag", "Cannot use what it needs"],
    ];
    for (const [said, wanted] of cases) {
      assertEquals(toExitResult(new Deno.errors.NotCapable(said)), {
        exitCode: 70,
        lines: [
          `dbx: ${wanted}: dbx has no permission for that here; --show-permissions prints what this command line may access`,
        ],
      });
    }
  },
);

Deno.test("endingOf: what the system refuses says of which file, why, and what to do", { permissions: "none" }, () => {
  const said = (error: Error) => toExitResult(error).lines.join("\n");
  const full = new Error("No space left on device (os error 28): open '/r/.dbx/.tmp-0123456789abc'");
  assertEquals(said(full).slice(0, 45), 'dbx: Cannot use "/r/.dbx": the disk is full; ');
  const closed = new Deno.errors.PermissionDenied("Permission denied (os error 13): mkdir '/r/x'");
  assertEquals(said(closed).slice(0, 44), 'dbx: Cannot use "/r/x": you have no permissi');
  const file = new Deno.errors.NotADirectory('Cannot use "a" in /r: it is a file where a folder should be');
  assertEquals(toExitResult(file), { exitCode: 1, lines: [`dbx: ${file.message}`] });
});
