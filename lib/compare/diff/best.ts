/** Names of what is better the lower it is, and the higher it is, as parts of names between `_`, `/`, `.`, `-` and digits. */
const LOWER =
  "loss|losses|err|error|errors|perplexity|ppl|mse|mae|rmse|nll|cer|wer|fid|bpc|bpb|latency|time|seconds|ms|regret|divergence|kl";
const HIGHER =
  "acc|accuracy|f1|auc|auroc|auprc|ap|map|precision|recall|bleu|rouge|meteor|score|reward|return|returns|iou|miou|dice|psnr|ssim|r2|top1|top5|throughput|success";

const PARTS = (words: string) => new RegExp(String.raw`(?:^|[^a-z])(?:${words})(?:$|[^a-z0-9])`, "i");
const [IS_LOWER, IS_HIGHER] = [PARTS(LOWER), PARTS(HIGHER)];

/** The statistic that is the best value of a series, by its name; undefined where the name does not say. */
export function bestOf(name: string): "min" | "max" | undefined {
  const [lower, higher] = [IS_LOWER.test(name), IS_HIGHER.test(name)];
  return lower === higher ? undefined : lower ? "min" : "max";
}
