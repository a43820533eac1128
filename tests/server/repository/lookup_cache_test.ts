import { NotFoundError } from "../../../lib/base/errors.ts";
import type { Experiment } from "../../../lib/repo/experiments/experiment.ts";
import type { Repository } from "../../../lib/repo/repository.ts";
import { LookupCache } from "../../../lib/server/repository/lookup_cache.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

Deno.test("Places: a search that began before an experiment was made does not hide it", async () => {
  const [first, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let searches = 0;
  const experiment = { definition: { id: "a000000000000" }, folder: "a000000000000" };
  const repository = {
    store: { stat: () => Promise.resolve(undefined) },
    async listing() {
      begun.resolve();
      await first.promise;
      return { entries: [], isPlain: true };
    },
    findExperiment() {
      if (++searches > 1) return Promise.resolve(experiment);
      return Promise.reject(new NotFoundError("not there yet"));
    },
  } as unknown as Repository;
  const places = new LookupCache(repository);
  const early = places.experiment(experiment.definition.id);
  await begun.promise;
  places.made({ id: "b000000000000", folder: "b" } as Experiment);
  first.resolve();
  await assertRejects(() => early, NotFoundError);
  assertEquals((await places.experiment(experiment.definition.id)).folder, experiment.folder);
});
