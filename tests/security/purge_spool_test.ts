// A run that is logged to a server, and purged there meanwhile: what waits on the machine that logs it goes too.
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { serve } from "../server/world.ts";
import { holding } from "./secret_bytes.ts";
import { eventually } from "./serving.ts";

Deno.test("purge: what waits in a spool for a server that has purged it is dropped", async () => {
  await using server = await serve();
  await initRepository(server.path);
  const spool = `${server.beside}/spool`;
  const said: string[] = [];
  const repo = await openRepository(server.url as `http://${string}`, { spool, onMessage: (text) => said.push(text) });
  const experiment = await repo.experiment({ kind: "k" });
  const run = await experiment.run({ env: false, git: false });
  run.log("said", { text: "hunter2-logged" });
  run.flush();
  await eventually(async () => (await holding("hunter2-logged", server.path)).length > 0, "it was sent");
  assert((await holding("hunter2-logged", spool)).length > 0);
  await new LocalStore(server.path).purge([experiment.id]);
  for (let at = 0; at < 50 && !said.some((text) => text.includes("was purged at")); at++) {
    run.log("said", { text: "hunter2-more" });
    run.flush();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertStringIncludes(said.join("\n"), `${experiment.id} was purged at`);
  await run.finish();
  await repo.close();
  assertEquals(await holding("hunter2-", server.path, server.beside), []);
});
