import { guardedFromCommands } from "../../../lib/commands/ci/workflow_commands.ts";
import { assertEquals } from "../../assert.ts";
import { keptOutputs } from "../../terminal/sink.ts";

Deno.test(
  "guardedFromCommands: GitHub obeys nothing until a word that nobody knew before, whatever happens",
  { permissions: "none" },
  () => {
    const words = [1, 2].map(() => {
      const kept = keptOutputs({ isTerminal: false });
      try {
        guardedFromCommands(kept.stdout, () => {
          kept.stdout.line("::error::x");
          throw new Error();
        });
      } catch {
        // The guard is taken away all the more.
      }
      const [stop, ...rest] = kept.take().split("\n");
      const [, word] = /^::stop-commands::(.{30,})$/.exec(stop)!;
      assertEquals(rest, ["::error::x", `::${word}::`, ""]);
      return word;
    });
    assertEquals(words[0] === words[1], false);
  },
);
