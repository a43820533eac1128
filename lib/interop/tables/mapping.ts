import { UsageError } from "../../base/errors.ts";
import { isObject, setOwn } from "../../base/json.ts";
import { timeOfIso } from "../event_parts.ts";
import type { ForeignData, ForeignValue, ReadOptions } from "../foreign.ts";
import { valueOfCell } from "../python_text.ts";

/** What the columns of a table mean. */
export interface Mapping {
  /** The column of steps; undefined: the first of the usual names that a table has. */
  readonly step?: string;
  /** The column of times. */
  readonly ts?: string;
  /** The column that names the run; undefined: a file is a run. */
  readonly run?: string;
  /** The column that names the event; undefined: `log`. */
  readonly event?: string;
  /** Columns whose values are params of the run, by the names of the params. */
  readonly params: ReadonlyMap<string, string>;
  /** The columns that `--map` names, by what they are mapped to. */
  readonly columns: ReadonlyMap<string, string>;
  /** Params of all runs. */
  readonly given: ForeignData;
  /** When runs began whose files do not say it, in milliseconds since the Unix epoch. */
  readonly createdAt?: number;
}

/** Columns that are taken for steps where nobody says which is one, the first first. */
const USUAL_STEPS = ["step", "global_step", "iteration", "iter", "epoch"];

/** A row by what its columns mean. */
export interface MappedRow {
  readonly run?: string;
  readonly event?: string;
  readonly ts?: number;
  readonly params: ForeignData;
  /** With `step` in front. */
  readonly data: ForeignData;
}

/** The mapping that options say: `--map step=epoch`, `--map params.lr=learning_rate`, `--param seed=1`, `--created 2026-01-31`. */
export function mappingOf(settings: ReadOptions["settings"] = {}): Mapping {
  const places: Record<string, string> = {};
  const params = new Map<string, string>();
  const columns = new Map<string, string>();
  for (const text of settings.map ?? []) {
    const [to, column] = halves(text, "--map", "step=epoch");
    columns.set(to, column);
    if (/^params\../.test(to)) params.set(to.slice("params.".length), column);
    else if (["step", "ts", "run", "event"].includes(to)) places[to] = column;
    else {
      throw new UsageError(
        `Cannot map to "${to}": a column can be step, ts, run, event or params.NAME, as in --map step=epoch`,
      );
    }
  }
  const given: Record<string, ForeignValue> = {};
  for (const text of settings.param ?? []) {
    const [name, value] = halves(text, "--param", "lr=0.1");
    setOwn(given, name, valueOfCell(value) ?? "");
  }
  const [created] = settings.created ?? [];
  const createdAt = created === undefined ? undefined : timeOfValue(valueOfCell(created));
  if (created !== undefined && createdAt === undefined) {
    throw new UsageError(`Cannot take "${created}" as --created: it is not a time such as 2026-01-31T09:00Z`);
  }
  return { ...places, params, columns, given, createdAt };
}

/** What a row says. */
export function mapRow(fields: ForeignData, mapping: Mapping): MappedRow {
  const { ts: tsColumn, run, event } = mapping;
  const stepColumn = mapping.step ?? USUAL_STEPS.find((name) => isNumber(fields[name]));
  const params: Record<string, ForeignValue> = {};
  for (const [name, column] of mapping.params) {
    if (Object.hasOwn(fields, column)) setOwn(params, name, fields[column]);
  }
  const ts = tsColumn === undefined || !Object.hasOwn(fields, tsColumn) ? undefined : timeOfValue(fields[tsColumn]);
  const step = stepColumn !== undefined && Object.hasOwn(fields, stepColumn) ? fields[stepColumn] : undefined;
  const isStep = Number.isFinite(numberOf(step));
  const left = new Set([run, event, ts === undefined ? undefined : tsColumn, ...mapping.params.values()]);
  if (isStep) left.add(stepColumn);
  const data: Record<string, ForeignValue> = isStep ? { step: step! } : {};
  for (const [key, value] of Object.entries(fields)) {
    if (!left.has(key)) setOwn(data, isStep && key === "step" ? "_step" : key, value);
  }
  return { run: textAt(fields, run), event: textAt(fields, event), ts, params, data };
}

/** A time in milliseconds since the Unix epoch, of a text or a number of seconds, milli-, micro- or nanoseconds. */
export function timeOfValue(value: ForeignValue | undefined): number | undefined {
  if (typeof value === "string") {
    return timeOfIso(value.trim()) ??
      (/^\d{4}-\d\d-\d\d$/.test(value.trim()) ? timeOfIso(`${value.trim()}T00:00`) : undefined);
  }
  const number = numberOf(value);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  const size = Math.abs(number);
  return Math.floor(size < 1e11 ? number * 1000 : size < 1e14 ? number : size < 1e17 ? number / 1e3 : number / 1e6);
}

function halves(text: string, option: string, example: string): [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) {
    throw new UsageError(`Cannot read "${option} ${text}": it must be two words with "=", as in ${option} ${example}`);
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

function isNumber(value: ForeignValue | undefined): boolean {
  return numberOf(value) !== undefined;
}

/** The number of a value, also of one that is kept as it is written. */
function numberOf(value: ForeignValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (!isObject(value) || typeof value.rawJSON !== "string") return undefined;
  return Number(value.rawJSON);
}

function textAt(fields: ForeignData, column: string | undefined): string | undefined {
  const value = column === undefined || !Object.hasOwn(fields, column) ? undefined : fields[column];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
