import { NotFoundError } from "../../lib/base/errors.ts";
import type { Experiment } from "../../lib/repo/experiment.ts";
import type { Repository } from "../../lib/repo/repository.ts";
import { Places } from "../../lib/server/places.ts";
import { assertEquals, assertRejects } from "../assert.ts";

Deno.test("Places: a search that began before an experiment was made does not hide it", async () => {
  const first = Promise.withResolvers<void>();
  let searches = 0;
  const experiment = { definition: { id: "a000000000000" }, folder: "a000000000000" };
  const repository = {
    store: { stat: () => Promise.resolve(undefined) },
    async findExperiment() {
      if (++searches > 1) return experiment;
      await first.promise;
      throw new NotFoundError("not there yet");
    },
  } as unknown as Repository;
  const places = new Places(repository);
  const early = places.experiment(experiment.definition.id);
  places.made({ id: "b000000000000", folder: "b" } as Experiment);
  first.resolve();
  await assertRejects(() => early, NotFoundError);
  assertEquals((await places.experiment(experiment.definition.id)).folder, experiment.folder);
});
