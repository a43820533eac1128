import { toNumber, toRatio } from "./numbers.ts";
import { atStep, pairsIn } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/** `Epoch 3: 100%|██████████| 10/10 [00:01<00:00, 7.3it/s, loss=0.1, v_num=0]`: what stands before, counts, brackets. */
const BAR = /^(.*?)\s*\d+%\|[^|]*\|\s*(\d+)\/(\d+)\s*\[[\d:?]+<[^,\]]*,\s*[^,\]]*((?:,\s*[^,=\]]+=[^=]*)*)\]\s*$/;
const EPOCH = /\bepoch\s*[:#=]?\s*\[?(\d+)/i;

/** tqdm's bars with a postfix, and Lightning's. A bar that is drawn over counts as it was left. */
export function progressBar(): LineFormat {
  return {
    format: "tqdm",
    recognise(line) {
      if (!line.includes("%|")) return undefined;
      const match = BAR.exec(line);
      if (match === null) return undefined;
      const [, title, count, total, postfix] = match;
      const found: Scalars = pairsIn(title);
      for (const name of Object.keys(found)) if (/^(?:epoch|step|iter(?:ation)?)$/i.test(name)) delete found[name];
      for (const part of postfix.split(/,\s*(?=[^,=]+=)/)) {
        const at = part.indexOf("=");
        const name = part.slice(0, at).replace(/^,\s*/, "").trim();
        const value = at < 0 ? undefined : toRatio(part.slice(at + 1));
        // The number of Lightning's log folder is not a measurement.
        if (value !== undefined && name !== "v_num" && name !== "__proto__" && name !== "") found[name] = value;
      }
      const epoch = toNumber(EPOCH.exec(title)?.[1] ?? "");
      const step = Number(count);
      return orNothing(epoch === undefined ? atStep(found, step) : atStep(found, epoch * Number(total) + step, epoch));
    },
  };
}
