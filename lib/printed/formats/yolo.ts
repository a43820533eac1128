import { toNumber } from "./numbers.ts";
import { atStep } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/** YOLO's tables: a line of column names, and below it one line for an epoch, or one for each class. */
export function yolo(): LineFormat {
  let columns: readonly string[] = [];
  let classColumns: readonly string[] = [];
  let epoch: number | undefined;
  return {
    format: "YOLO",
    recognise(line) {
      if (/^\s*Epoch\s+gpu_mem\s/i.test(line)) {
        columns = line.trim().split(/\s+/);
        return undefined;
      }
      if (/^\s*Class\s+Images\s/.test(line)) {
        classColumns = classNames(line);
        return undefined;
      }
      if (columns.length > 0 && /^\s*\d+\/\d+\s/.test(line)) {
        const cells = cellsOf(line);
        const found = rowOf(columns.slice(1), cells.slice(1));
        if (found === undefined) return undefined;
        epoch = Number(cells[0].split("/")[0]);
        return orNothing(atStep(found, epoch));
      }
      if (classColumns.length > 0 && /^\s*all\s+\d/.test(line)) {
        const found = rowOf(classColumns.slice(1), cellsOf(line).slice(1));
        return found && orNothing(atStep(found, epoch));
      }
      return undefined;
    },
  };
}

/** `Class Images Instances Box(P R mAP50 mAP50-95): 100%|…`: the names up to the bar; of boxes plain, of masks `Mask/P`. */
function classNames(line: string): string[] {
  const [names] = line.split(/:\s+\d+%|:\s*$/);
  let group = "";
  return names.trim().split(/\s+/).map((word) => {
    const [, before, name] = /^(?:(\w+)\()?(.*?)\)?$/.exec(word)!;
    if (before !== undefined) group = before === "Box" ? "" : `${before}/`;
    return group + name;
  });
}

/** The words of a row, up to its progress bar. */
function cellsOf(line: string): string[] {
  return line.split(/:\s+\d+%|:\s*$/)[0].trim().split(/\s+/);
}

function rowOf(names: readonly string[], cells: readonly string[]): Scalars | undefined {
  if (cells.length < names.length) return undefined;
  const found: Scalars = {};
  for (const [at, name] of names.entries()) {
    // Memory is in gigabytes: "3.9G".
    const value = toNumber(cells[at].replace(/^([\d.]+)G$/, "$1"));
    if (value === undefined) return undefined;
    if (name !== "__proto__") found[name] = value;
  }
  return found;
}
