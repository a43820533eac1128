import type { ForeignData, ForeignValue } from "../foreign.ts";
import { setOwn } from "../../base/json.ts";
import { encodeSpecialNumber } from "../../format/json/special_values.ts";
import { Message } from "../wire/protobuf.ts";

/** What the plug-in for hyperparameters says in its metadata. */
export type HparamsContent =
  | { readonly kind: "start"; readonly params: ForeignData; readonly group: string; readonly model: string }
  | { readonly kind: "end"; readonly status: string }
  | { readonly kind: "other" };

const STATUSES = ["unknown", "success", "failure", "running"];

/** Reads the metadata of a summary of the plug-in. Throws `ProtobufError`. */
export function readHparams(content: Uint8Array): HparamsContent {
  const message = new Message(content);
  while (message.next()) {
    if (message.field === 3) return readStart(message.message());
    if (message.field !== 4) continue;
    const end = message.message();
    let status = 0;
    while (end.next()) if (end.field === 1) status = end.integer();
    return { kind: "end", status: STATUSES[status] ?? String(status) };
  }
  return { kind: "other" };
}

function readStart(message: Message): HparamsContent {
  const params: Record<string, ForeignValue> = {};
  let group = "";
  let model = "";
  while (message.next()) {
    if (message.field === 1) {
      const [key, value] = readEntry(message.message());
      setOwn(params, key, value);
    } else if (message.field === 2) model = message.text();
    else if (message.field === 4) group = message.text();
  }
  // The order of a map in protobuf says nothing, and differs from one writer to the next.
  const sorted: Record<string, ForeignValue> = {};
  for (const key of Object.keys(params).sort()) setOwn(sorted, key, params[key]);
  return { kind: "start", params: sorted, group, model };
}

function readEntry(entry: Message): [string, ForeignValue] {
  let key = "";
  let value: ForeignValue = null;
  while (entry.next()) {
    if (entry.field === 1) key = entry.text();
    else if (entry.field === 2) value = readValue(entry.message());
  }
  return [key, value];
}

/** A `google.protobuf.Value`: its numbers are all doubles, and whole ones are written as such. */
function readValue(message: Message): ForeignValue {
  let value: ForeignValue = null;
  while (message.next()) {
    switch (message.field) {
      case 1:
        value = null;
        break;
      case 2: {
        const number = message.double();
        value = Number.isFinite(number) ? number : encodeSpecialNumber(number);
        break;
      }
      case 3:
        value = message.text();
        break;
      case 4:
        value = message.boolean();
        break;
      case 5: {
        const fields: Record<string, ForeignValue> = {};
        const struct = message.message();
        while (struct.next()) {
          const [key, item] = readEntry(struct.message());
          setOwn(fields, key, item);
        }
        value = fields;
        break;
      }
      case 6: {
        const items: ForeignValue[] = [];
        const list = message.message();
        while (list.next()) if (list.field === 1) items.push(readValue(list.message()));
        value = items;
        break;
      }
    }
  }
  return value;
}
