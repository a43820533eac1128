import { atStep, pairsIn } from "./pairs.ts";
import { type LineFormat, orNothing } from "./recogniser.ts";

/** `100/100 ━━━━ 1s 2ms/step - loss: 0.3`, `100/100 [====] - 1s 2ms/step - loss: 0.3`, `100/100 - 1s - 2ms/step - loss: 0.3`. */
const PROGRESS = /^\s*\d+\/\d+ .*?\d+(?:s|ms|us|µs)(?:\/(?:step|epoch|sample))? - (\S+: .*)$/;

/** keras: a line `Epoch 3/10`, and lines of progress below it. */
export function keras(): LineFormat {
  let epoch: number | undefined;
  return {
    format: "keras",
    recognise(line) {
      if (line.startsWith("Epoch ")) {
        const match = /^Epoch (\d+)\/\d+\s*$/.exec(line);
        if (match !== null) epoch = Number(match[1]);
        return undefined;
      }
      if (!line.includes(" - ") || !line.includes("/")) return undefined;
      const match = PROGRESS.exec(line);
      return match === null ? undefined : orNothing(atStep(pairsIn(match[1]), epoch));
    },
  };
}
