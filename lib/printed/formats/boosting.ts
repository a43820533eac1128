import { toNumber } from "./numbers.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

const ROUND = /^(?:\[\d\d:\d\d:\d\d\]\s)?\[(\d+)\]\t(.*)$/;

/** xgboost: `[0]	train-rmse:0.5	eval-rmse:0.6`, of `cv` with deviations: `train-rmse:0.5+0.01`. */
export function xgboost(): LineFormat {
  return rounds("xgboost", (part, found) => {
    const match = /^(\S+?):([-+.\deinfa]+?)(?:\+([\d.e-]+))?$/.exec(part);
    if (match === null) return false;
    return setScalar(found, match[1], match[2]) &&
      (match[3] === undefined || setScalar(found, `${match[1]}-std`, match[3]));
  });
}

/** LightGBM: `[25]	training's l2: 0.1	valid_1's l2: 0.2`, of `cv`: `cv_agg's valid l2: 0.1 + 0.01`. */
export function lightgbm(): LineFormat {
  return rounds("LightGBM", (part, found) => {
    const match = /^(.+?)'s (.+): (\S+?)(?: \+ (\S+))?$/.exec(part);
    if (match === null) return false;
    const name = `${match[1]}/${match[2].replaceAll(" ", "_")}`;
    return setScalar(found, name, match[3]) && (match[4] === undefined || setScalar(found, `${name}-std`, match[4]));
  });
}

/** CatBoost: `0:	learn: 0.5	test: 0.6	best: 0.6 (0)	total: 1ms	remaining: 1s`. */
export function catboost(): LineFormat {
  return {
    format: "CatBoost",
    recognise(line) {
      const match = /^(\d+):\t((?:learn|test): .*)$/.exec(line);
      if (match === null) return undefined;
      const found: Scalars = { step: Number(match[1]) };
      for (const part of match[2].split("\t")) {
        const pair = /^(learn|test|best): (\S+)/.exec(part);
        if (pair !== null) setScalar(found, pair[1], pair[2]);
      }
      return orNothing(found);
    },
  };
}

/** Lines of a round of boosting, of which every part must be a metric. */
function rounds(format: string, take: (part: string, found: Scalars) => boolean): LineFormat {
  return {
    format,
    recognise(line) {
      if (!line.startsWith("[")) return undefined;
      const match = ROUND.exec(line);
      if (match === null) return undefined;
      const found: Scalars = { step: Number(match[1]) };
      return match[2].split("\t").every((part) => take(part, found)) ? orNothing(found) : undefined;
    },
  };
}

function setScalar(found: Scalars, name: string, text: string): boolean {
  const value = toNumber(text);
  if (value !== undefined && name !== "__proto__") found[name] = value;
  return value !== undefined;
}
