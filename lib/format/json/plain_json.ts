/** Deeper data takes the careful way, which knows cycles. */
const PLAIN_DEPTH = 8;

/**
 * Whether `JSON.stringify` writes these data of an event just as `encodeValue` would, so that they need not be
 * converted: plain objects and arrays of finite numbers, texts, booleans and nulls, without the keys that events keep
 * for themselves. One pass, no allocation: this is the hot path of the logger.
 */
export function isPlainJson(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  const prototype = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in data) {
    if (key === "event" || key === "ts" || key === "_dbx") return false;
    const value = (data as Record<string, unknown>)[key];
    switch (typeof value) {
      case "number":
        if (value - value !== 0) return false;
        break;
      case "string":
      case "boolean":
      case "undefined":
        break;
      case "object":
        if (value !== null && !isPlainNested(value, PLAIN_DEPTH)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function isPlainNested(value: object, depth: number): boolean {
  if (depth === 0) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    const list = value as unknown[];
    for (let i = 0; i < list.length; i++) if (!isPlainItem(list[i], depth)) return false;
    return true;
  }
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlainItem((value as Record<string, unknown>)[key], depth)) return false;
  return true;
}

function isPlainItem(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "number":
      return value - value === 0;
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "object":
      return value === null || isPlainNested(value, depth - 1);
  }
  return false;
}
