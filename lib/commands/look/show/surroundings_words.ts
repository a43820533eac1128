import type { Json } from "../../../base/json.ts";
import { bytes } from "../../../terminal/values.ts";
import type { Surroundings } from "./read.ts";

/** Lines about the machine, the Python and the code of a run, each with its label. What is not known is left out. */
export function surroundingsWords({ machine, python, code }: Surroundings): (readonly [label: string, text: string])[] {
  const lines: [string, string][] = [];
  if (machine !== undefined) {
    lines.push([
      "machine",
      join([
        text(machine.cpu),
        count(machine.cpus, "CPU"),
        typeof machine.memory === "number" ? bytes(machine.memory) : "",
        gpuWords(machine.gpus, machine.driver),
        text(machine.container),
        machine.scheduler === undefined ? "" : `${text(machine.scheduler)} job ${text(machine.job)}`,
      ]),
    ]);
  }
  if (python !== undefined) {
    lines.push(["python", join([text(python.version), count(python.packages, "package"), text(python.prefix)])]);
  }
  if (code !== undefined) {
    const { leftOut } = code;
    const left = typeof leftOut === "number" && leftOut > 0 ? `${leftOut} more too large to be kept` : "";
    lines.push(["code", join([count(code.files, "file"), left])]);
  }
  return lines;
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function count(value: Json | undefined, what: string): string {
  return typeof value === "number" ? `${value} ${what}${value === 1 ? "" : "s"}` : "";
}

/** Equal GPUs are counted. */
function gpuWords(gpus: Json | undefined, driver: Json | undefined): string {
  if (!Array.isArray(gpus) || gpus.length === 0) return "";
  const counts = Map.groupBy(gpus.map((name) => text(name)), (name) => name);
  const names = Array.from(counts, ([name, same]) => same.length === 1 ? name : `${same.length} × ${name}`).join(" + ");
  return driver === undefined ? names : `${names} (driver ${text(driver)})`;
}

function text(value: Json | undefined): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
