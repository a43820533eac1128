import { METRICS_EVENT } from "../foreign.ts";
import type { EventRecord } from "../foreign.ts";
import type { Message } from "../wire/protobuf.ts";
import { type Item, marked, objectOf, readItem, textOf } from "./items.ts";

/** Reads a record of values that were logged together: `_step` and `_timestamp` become the step and the time of an event. */
export function readHistory(message: Message, run: string, lastTime: number): EventRecord {
  const items: Item[] = [];
  let step: string | undefined;
  let ts: number | undefined;
  let isFlat = true;
  while (message.next()) {
    if (message.field === 2) step = stepOf(message.message());
    else if (message.field === 1) {
      const item = readItem(message.message());
      const [first] = item.keys;
      if (item.keys.length > 1) isFlat = false;
      else if (first === "_step") {
        step ??= item.json;
        continue;
      } else if (first === "_timestamp") {
        ts = Math.floor(Number(item.json) * 1000);
        continue;
      }
      items.push(item);
    }
  }
  const number = step === undefined || !/^-?\d{1,15}$/.test(step) ? undefined : Number(step);
  const record = {
    type: "event",
    run,
    log: "log",
    name: METRICS_EVENT,
    ts: Number.isFinite(ts) ? ts : lastTime,
  } as const;
  if (isFlat) return { ...record, body: flatBody(number, items) };
  const values = objectOf(items.map((item) => ({ ...item, keys: [keyOf(item.keys[0]), ...item.keys.slice(1)] })));
  return { ...record, data: { ...(number === undefined ? {} : { step: number }), ...markedAll(values) } };
}

/** W&B's histograms, media and tables come in parts of a way of keys. */
function markedAll(values: ReturnType<typeof objectOf>): ReturnType<typeof objectOf> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, marked(value)]));
}

function flatBody(step: number | undefined, items: readonly Item[]): string {
  const parts = step === undefined ? [] : [`"step":${step}`];
  for (const { keys, json } of items) parts.push(`${quoted(keyOf(keys[0]))}:${textOf(json)}`);
  return `{${parts.join(",")}}`;
}

/** A key that events do not keep for themselves: `step` is that of W&B. */
function keyOf(key: string): string {
  return key === "step" || key === "event" || key === "ts" || key === "_dbx" ? `${key}_` : key;
}

function stepOf(message: Message): string {
  let step = "0";
  while (message.next()) if (message.field === 1) step = String(message.bigint());
  return step;
}

const names = new Map<string, string>();

function quoted(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size > 4096) names.clear();
  const text = JSON.stringify(key.toWellFormed());
  names.set(key, text);
  return text;
}
