import { Refusal } from "./refusal.ts";

/** Characters of what a request says, by field, wherever it stands: in the URL, or in a body when it is unpacked. */
export const TEXT_LIMITS: Readonly<Record<string, number>> = {
  sql: 256 * 1024,
  where: 16 * 1024,
  cols: 16 * 1024,
  group_by: 16 * 1024,
  sort: 4096,
  series: 4096,
  x: 4096,
  name: 4096,
  kind: 4096,
  run: 4096,
  id: 4096,
  tag: 4096,
  as: 4096,
  agg: 256,
  token: 1024,
  since: 256,
  after: 256,
};

/** Characters of any other field. */
const OTHER = 256;
/** Characters of all parameters of a query together, as JSON, and how many items a list has. */
const PARAMS = 1024 * 1024;
const ITEMS = 256;

/** Refuses a text that is longer than its field may be. */
export function checkLength(field: string, text: string): void {
  const most = TEXT_LIMITS[field] ?? OTHER;
  if (text.length > most) throw new Refusal(413, `"${field}" has more than ${most} characters`);
}

/** Refuses a query string, or the object of a body, in which a text or a list is longer than it may be. */
export function checkFields(fields: URLSearchParams | Readonly<Record<string, unknown>>): void {
  const entries = fields instanceof URLSearchParams ? fields.entries() : Object.entries(fields);
  let count = 0;
  for (const [field, value] of entries) {
    if (++count > ITEMS) throw new Refusal(413, `more than ${ITEMS} fields`);
    if (field === "params" || field.startsWith("param.")) continue;
    checkValue(field.slice(0, OTHER), value);
  }
}

/** Refuses parameters of a query that are longer together than they may be. */
export function checkParams(params: Readonly<Record<string, unknown>>): void {
  let length = 0;
  for (const [name, value] of Object.entries(params)) {
    length += name.length +
      (typeof value === "string" ? value.length : value instanceof Uint8Array ? value.length : 32);
  }
  if (length > PARAMS) throw new Refusal(413, `the parameters have more than ${PARAMS} characters`);
}

function checkValue(field: string, value: unknown): void {
  if (typeof value === "string") return checkLength(field, value);
  if (!Array.isArray(value)) return checkLength(field, value instanceof Object ? JSON.stringify(value) : String(value));
  if (value.length > ITEMS) throw new Refusal(413, `"${field}" has more than ${ITEMS} items`);
  for (const item of value) checkLength(field, typeof item === "string" ? item : JSON.stringify(item) ?? "");
}
