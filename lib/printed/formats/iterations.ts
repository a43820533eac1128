import { toNumber } from "./numbers.ts";
import { atStep, pairsIn, withStep } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/** nanoGPT: `iter 0: loss 4.2, time 24.1ms, mfu -100.00%`, `step 250: train loss 1.9, val loss 2.0`. */
export function nanoGpt(): LineFormat {
  return {
    format: "nanoGPT",
    recognise(line) {
      if (!/^(?:iter|step) \d/i.test(line)) return undefined;
      const match = /^(?:iter|step) (\d+): ((?:train |val )?loss .*)$/i.exec(line);
      if (match === null) return undefined;
      const found = pairsIn(match[2], { spaced: true });
      const time = /\btime ([\d.]+)ms/i.exec(match[2]);
      if (time !== null) found.time_ms = Number(time[1]);
      return orNothing(atStep(found, Number(match[1])));
    },
  };
}

/** detectron2: `eta: 0:01:02  iter: 19  total_loss: 0.5  loss_cls: 0.3  time: 0.2  lr: 0.0001  max_mem: 2000M`. */
export function detectron2(): LineFormat {
  return {
    format: "detectron2",
    recognise(line) {
      if (!line.includes("iter: ") || !/(?:^|\s)iter: \d+ {2}.*loss\w*: /.test(line)) return undefined;
      return orNothing(withStep(pairsIn(line), line));
    },
  };
}

/** scikit-learn: `Iteration 1, loss = 0.19980148`, and the score of the validation below it. */
export function scikitLearn(): LineFormat {
  let step: number | undefined;
  return {
    format: "scikit-learn",
    recognise(line) {
      const match = /^(Iteration (\d+), loss = |Validation score: )(\S+)$/.exec(line);
      const value = toNumber(match?.[3] ?? "");
      if (match === null || value === undefined) return undefined;
      if (match[2] === undefined) return step === undefined ? undefined : { step, validation_score: value };
      step = Number(match[2]);
      const found: Scalars = { step, loss: value };
      return found;
    },
  };
}
