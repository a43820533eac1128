import { UsageError } from "../../../base/errors.ts";
import type { OptionSpec } from "../../../cli/command.ts";
import type { BestOf, Retention } from "./retention.ts";

/** The options of `dbx run` about files that the command writes. */
export const KEEP_OPTIONS = [
  {
    name: "keep",
    kind: "list",
    value: "GLOB",
    help: "keep files that the command writes, such as 'ckpt/*.pt' or 'logs/**/best.ckpt', as files of the run",
  },
  {
    name: "keep-last",
    kind: "count",
    value: "N",
    positive: true,
    help: "of those, keep the last N only; of names that differ in their numbers, N together",
  },
  {
    name: "keep-best",
    kind: "list",
    value: "SERIES:N",
    help: "keep the N with the best value of a series, and the last one: val_loss:3, reward:3:max",
  },
] as const satisfies readonly OptionSpec[];

/** What is kept of a run. It goes to another dbx as JSON if this one dies. */
export interface KeepChoice extends Retention {
  readonly globs: readonly string[];
}

/** Series of which the greatest value is the best one, and of which the least is. */
const GREAT =
  /acc|auc|auroc|precision|recall|f1|bleu|rouge|iou|dice|score|reward|return|psnr|ssim|(?:^|[^a-z])(?:map|r2)(?:[^a-z]|$)/i;
const SMALL = /loss|err|mse|mae|rmse|nll|perplexity|ppl|(?:^|[^a-z])(?:wer|cer|fid|bpc|bpb)(?:[^a-z]|$)/i;

/** Reads the options; refuses what is not meant so. */
export function keepChoice(
  options: {
    readonly keep: readonly string[];
    readonly "keep-last"?: number;
    readonly "keep-best": readonly string[];
  },
): KeepChoice {
  const { keep: globs, "keep-last": last, "keep-best": best } = options;
  if (globs.length === 0 && (last !== undefined || best.length > 0)) {
    const option = last === undefined ? "--keep-best" : "--keep-last";
    throw new UsageError(`Cannot use ${option} without --keep: it chooses among the files that --keep names`);
  }
  for (const glob of globs) {
    if (glob === "" || glob.endsWith("/")) {
      throw new UsageError(`Cannot keep "${glob}": name files, such as 'ckpt/*.pt'`);
    }
  }
  return { globs, last, best: best.map(bestOf) };
}

function bestOf(text: string): BestOf {
  const [, series, count, direction] = /^(.+?):(\d+)(?::(min|max))?$/.exec(text) ?? [];
  if (series === undefined || Number(count) === 0) {
    throw new UsageError(
      `Cannot read --keep-best "${text}": write a series and a number, such as val_loss:3 or reward:3:max`,
    );
  }
  const better = direction ?? directionOf(series);
  if (better === undefined) {
    throw new UsageError(
      `Cannot tell which values of "${series}" are the best: write --keep-best ${text}:min or ${text}:max`,
    );
  }
  return { series, count: Number(count), better: better as BestOf["better"] };
}

/** Which values of a series are the best, by its name. */
function directionOf(series: string): BestOf["better"] | undefined {
  const [isGreat, isSmall] = [GREAT.test(series), SMALL.test(series)];
  return isGreat === isSmall ? undefined : isGreat ? "max" : "min";
}
