import { toNumber, toRatio } from "./numbers.ts";
import { atStep, pairsIn } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/** A format that names its place in brackets: what of an epoch is done. */
interface Format {
  readonly format: string;
  /** Its groups: `part` (train, test, …), `epoch`, `at` and `of` of the epoch, and what comes then. */
  readonly pattern: RegExp;
  /** The number of the first epoch. */
  readonly first: 0 | 1;
  /** Whether names and numbers may stand beside each other with a space only. */
  readonly spaced?: boolean;
}

const FORMATS: readonly Format[] = [
  // Epoch: [0]  [ 20/80]  eta: 0:06:40  lr: 0.000000  loss: 0.64 (0.64)
  {
    format: "torchvision",
    pattern:
      /^(?:(?<part>Test|Val|Eval): +|Epoch: \[(?<epoch>\d+)\]\s+)\[\s*(?<at>\d+)\/(?<of>\d+)\]\s+(?<rest>eta: \S.*)$/,
    first: 0,
  },
  // Train: 0 [  50/100 ( 50%)]  Loss: 0.5 (0.6)  LR: 1.0e-05; Test: [  10/50]  Loss: 0.7 (0.7)  Acc@1: 70.0 (71.0)
  {
    format: "timm",
    pattern: /^(?<part>Train|Test|Val|Eval): (?<epoch>\d+)? ?\[\s*(?<at>\d+)\/\s*(?<of>\d+)[^\]]*\]\s+(?<rest>\S.*)$/,
    first: 0,
  },
  // Train Epoch: 1 [640/60000 (1%)]	Loss: 2.3
  {
    format: "PyTorch examples",
    pattern: /^Train Epoch: (?<epoch>\d+) \[(?<at>\d+)\/(?<of>\d+)[^\]]*\]\s+(?<rest>\S.*)$/,
    first: 1,
  },
  // Epoch: [0][  10/5005]	Time  0.5 ( 1.2)	Loss 6.9 (6.9)	Acc@1   0.00 (  0.1)
  {
    format: "PyTorch examples",
    pattern: /^Epoch: \[(?<epoch>\d+)\]\[\s*(?<at>\d+)\/(?<of>\d+)\]\s+(?<rest>\S.*)$/,
    first: 0,
    spaced: true,
  },
  {
    format: "PyTorch examples",
    pattern: /^(?<part>Test): \[\s*(?<at>\d+)\/(?<of>\d+)\]\s+(?<rest>\S.*)$/,
    first: 0,
    spaced: true,
  },
  // Epoch(train) [10][ 50/500]  lr: 1.0000e-04  eta: 0:11:48  loss: 0.8868
  {
    format: "mmengine",
    pattern: /^Epoch\((?<part>\w+)\)\s+\[(?<epoch>\d+)\]\[\s*(?<at>\d+)\/(?<of>\d+)\]\s+(?<rest>\S.*)$/,
    first: 1,
  },
  { format: "mmengine", pattern: /^Iter\((?<part>\w+)\)\s+\[\s*(?<at>\d+)\/(?<of>\d+)\]\s+(?<rest>\S.*)$/, first: 1 },
];

/** timm, the examples of PyTorch, torchvision's references, mmengine. Steps are counted over all epochs. */
export function brackets(): LineFormat[] {
  return [...FORMATS.map(bracketed), mnistTest()];
}

function bracketed({ format, pattern, first, spaced }: Format): LineFormat {
  return {
    format,
    recognise(line) {
      if (!/^[TEIV]/.test(line) || !line.includes("[")) return undefined;
      const groups = pattern.exec(line)?.groups;
      if (groups === undefined) return undefined;
      const part = groups.part?.toLowerCase() ?? "train";
      const found: Scalars = {};
      for (const [name, value] of Object.entries(pairsIn(groups.rest, { spaced }))) {
        found[part === "train" ? name : `${part}/${name}`] = value;
      }
      const [epoch, at, of] = [groups.epoch, groups.at, groups.of].map((text) => toNumber(text ?? ""));
      const step = epoch === undefined ? at : (epoch - first) * of! + at!;
      return orNothing(atStep(found, step, epoch));
    },
  };
}

/** `Test set: Average loss: 0.0523, Accuracy: 9832/10000 (98%)` */
function mnistTest(): LineFormat {
  return {
    format: "PyTorch examples",
    recognise(line) {
      if (!line.startsWith("Test set: ")) return undefined;
      const match = /^Test set: Average loss: (\S+), Accuracy: (\d+)\/(\d+)(?: \((.*)\))?/.exec(line);
      const loss = toRatio(match?.[1] ?? "");
      return match === null || loss === undefined
        ? undefined
        : { "test/loss": loss, "test/accuracy": Number(match[2]) / Number(match[3]) };
    },
  };
}
