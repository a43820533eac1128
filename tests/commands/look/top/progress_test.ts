import { assertEquals } from "../../../assert.ts";
import type { SeriesFact } from "../../../../lib/commands/look/top/model/facts.ts";
import { progressOf } from "../../../../lib/commands/look/top/model/progress.ts";
import { progressIn } from "../../../../lib/commands/look/top/model/printed_progress.ts";

function fact(series: string, lastStep: number, more: Partial<SeriesFact> = {}): SeriesFact {
  const [event, key] = series.split(":");
  return { series, event, key, run: "r", log: "log", count: 1, last: 0, firstStep: 0, lastStep, ...more };
}

Deno.test("progressOf: by the epochs or steps that params promise, and how far the series are", () => {
  const cases = [
    [{ epochs: 10 }, [fact("train/epoch/*:loss", 4)], 0.5],
    [{ train: { "max-epochs": 20 } }, [fact("epoch/*:loss", 4), fact("val/epoch/*:loss", 9, { firstStep: 1 })], 0.45],
    [{ max_steps: 1000 }, [fact("log:loss", 249), fact("system:load1", 999, { log: "system" })], 0.25],
    [{ num_train_epochs: 4 }, [fact("log:epoch", 700, { last: 1.5 })], 0.375],
    [{ n_iter: 3, epochs: 2 }, [fact("epoch/*:loss", 0)], 0.5],
    [{ total_timesteps: 100 }, [fact("step/*:reward", 500)], 1],
    [{ epochs: 10 }, [], undefined],
    [{ epochs: "10", epoch_size: 5, steps_per_epoch: 7 }, [fact("epoch/*:loss", 4)], undefined],
    [{}, [fact("epoch/*:loss", 4)], undefined],
  ] as const;
  for (const [params, facts, part] of cases) {
    assertEquals(progressOf(params, facts, undefined, undefined)?.part, part, JSON.stringify(params));
  }
});

Deno.test("progressOf: the time left supposes that it goes on as fast; what was printed counts where nothing else is known", () => {
  const facts = [fact("epoch/*:loss", 2)];
  assertEquals(progressOf({ epochs: 4 }, facts, undefined, 3000), { part: 0.75, leftMs: 1000 });
  assertEquals(progressOf({}, facts, { part: 0.2, leftMs: 5 }, 3000), { part: 0.2, leftMs: 5 });
});

Deno.test("progressIn: what programs print of how far they are", () => {
  const cases = [
    [["Epoch 3/10"], { part: 0.3, leftMs: undefined }],
    [["epoch: [4/10] loss 0.3", " 50%|█████     | 5/10 [00:01<00:02, 3it/s]"], { part: 0.4, leftMs: undefined }],
    [["Epoch 2/4:  50%|█████     | 5/10 [00:01<00:02, 3it/s]"], { part: 0.375, leftMs: undefined }],
    [["training:  45%|████▌     | 450/1000 [00:12<01:02:03, 36.2it/s]"], { part: 0.45, leftMs: 3_723_000 }],
    [["step 450 of 1000, eta: 1 day, 0:01:02"], { part: 0.45, leftMs: 86_462_000 }],
    [["  0%|          | 0/10 [00:00<?, ?it/s]"], { part: 0, leftMs: undefined }],
    [["Epoch 3:  50%|█████     | 5/10 [00:01<00:02]"], undefined],
    [["score 3/10", "step 12/0", "epoch 7/3", "version 2/3"], undefined],
    [["epoch 1/10", "epoch 2/10", "done"], { part: 0.2, leftMs: undefined }],
  ] as const;
  for (const [lines, wanted] of cases) assertEquals(progressIn(lines), wanted, lines.join("; "));
});
