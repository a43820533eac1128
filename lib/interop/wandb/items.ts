import { isObject, setOwn } from "../../base/json.ts";
import type { ForeignValue } from "../foreign.ts";
import { float, parseForeignJson, setNested } from "../values.ts";
import type { Message } from "../wire/protobuf.ts";

/** An item of a config, a summary, the history or statistics: a key, or a way of keys, and a value as JSON. */
export interface Item {
  readonly keys: readonly string[];
  /** Whether the user named the key; a summary that follows from the history has ways of keys. */
  readonly isPlainKey: boolean;
  readonly json: string;
}

/** Reads an item of any of these. */
export function readItem(message: Message): Item {
  let keys: string[] | undefined;
  let key: string | undefined;
  let json = "null";
  while (message.next()) {
    switch (message.field) {
      case 1:
        key = message.text();
        break;
      case 2:
        (keys ??= []).push(message.text());
        break;
      case 3:
        json = "null";
        break;
      case 4:
        json = message.boolean() ? "true" : "false";
        break;
      case 5:
        json = String(message.signed());
        break;
      case 6:
        json = JSON.stringify(float(message.double()));
        break;
      case 7:
        json = JSON.stringify(message.text());
        break;
      case 8:
      case 16:
        json = message.freshText();
        break;
    }
  }
  return { keys: keys ?? [key ?? ""], isPlainKey: key !== undefined && keys === undefined, json };
}

/** A number as it can stand in a line as it is: an integer of up to 15 digits, or a fraction. */
const NUMBER = /^-?(?:(?:0|[1-9]\d{0,14})|(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d{1,2})?|[eE][+-]?\d{1,2}))$/;

/** The value of an item, in the type that its text has. Text that is not JSON is kept as text. */
export function valueOf(json: string): ForeignValue {
  try {
    return marked(parseForeignJson(json));
  } catch {
    return json;
  }
}

/** The JSON of an item as it stands in a line. */
export function textOf(json: string): string {
  return NUMBER.test(json) || json === "true" || json === "false" || json === "null"
    ? json
    : JSON.stringify(valueOf(json));
}

/** Values of items by their ways. */
export function objectOf(items: readonly Item[]): Record<string, ForeignValue> {
  const object: Record<string, ForeignValue> = {};
  for (const { keys, json } of items) setNested(object, keys, valueOf(json));
  return object;
}

/** Marks what W&B itself gives a type (histograms, media, tables), so that its numbers do not become series. */
export function marked(value: ForeignValue): ForeignValue {
  if (!isObject(value)) return value;
  const type = value._type;
  if (typeof type === "string" && value._dbx === undefined) return { _dbx: type, ...value } as ForeignValue;
  for (const [key, item] of Object.entries(value)) {
    if (isObject(item) && Object.getPrototypeOf(item) !== null) setOwn(value, key, marked(item as ForeignValue));
  }
  return value as ForeignValue;
}
