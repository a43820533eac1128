import { isObject } from "../../base/json.ts";
import { timeOfIso, withStep } from "../event_parts.ts";
import { type ForeignRecord, type ForeignValue, METRICS_EVENT } from "../foreign.ts";

const BATCH = 1000;

/** The values of one metric, which has a log of its own: three lists of one length, which grow. */
export function* metricRecords(
  run: string,
  name: string,
  series: ForeignValue,
  file: string,
): Generator<readonly ForeignRecord[]> {
  const { steps, timestamps, values } = isObject(series) ? series : { steps: [], timestamps: [], values: undefined };
  if (!Array.isArray(values) || !Array.isArray(steps) || steps.length !== values.length) {
    const what = `the metric ${name} is not a list of steps and one of values`;
    return yield [{ type: "problem", file, what, advice: "it is left out" }];
  }
  const times = Array.isArray(timestamps) ? timestamps : [];
  for (let from = 0; from < values.length; from += BATCH) {
    const records: ForeignRecord[] = [];
    for (let at = from; at < Math.min(from + BATCH, values.length); at++) {
      const step = typeof steps[at] === "number" || isObject(steps[at]) ? steps[at] : at;
      const ts = typeof times[at] === "string" ? timeOfIso(times[at]) : undefined;
      const data = withStep(step, { [name]: plain(values[at]) });
      records.push({ type: "event", run, log: `metrics.${name}`, name: METRICS_EVENT, ts, data });
    }
    yield records;
  }
}

/** A number of numpy is written as an object that holds its text or value. */
function plain(value: ForeignValue): ForeignValue {
  if (!isObject(value) || typeof value["py/object"] !== "string") return value;
  return typeof value.value === "number" || isObject(value.value) ? value.value as ForeignValue : value;
}
