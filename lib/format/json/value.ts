import { UsageError } from "../../base/errors.ts";
import { type Json, type JsonObject, setOwn } from "../../base/json.ts";
import { MAX_DEPTH } from "./depth.ts";
import { encodeSpecialNumber, specialNumber } from "./special_values.ts";

export { MAX_DEPTH } from "./depth.ts";
export { specialNumber };

/** What users log: anything that {@linkcode encodeValue} takes. */
export type Value = unknown;

/**
 * A value as it stands in a file. NaN and infinities become `{"_dbx":"nan"}` and the like, dates ISO 8601 texts
 * (an invalid one null), a bigint a number where that is exact and a text otherwise, typed arrays and sets arrays, maps
 * objects, errors their name and message; `toJSON` is honoured. Undefined is dropped from objects and null elsewhere;
 * -0 is 0.
 *
 * @throws {UsageError} For cycles, functions, symbols, promises and values nested deeper than 500, naming the place.
 */
export function encodeValue(value: unknown): Json {
  return new Encoder().encode(value, "");
}

/**
 * The value that a JSON value of a file stands for: numbers that JSON lacks are numbers again. Everything else is as it
 * is, files included. What holds no such number is returned itself, not copied.
 */
export function decodeValue(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  const number = specialNumber(json);
  if (number !== undefined) return number;
  let copy: unknown[] | Record<string, unknown> | undefined;
  if (Array.isArray(json)) {
    for (let i = 0; i < json.length; i++) {
      const item = decodeValue(json[i]);
      if (item === json[i]) continue;
      copy ??= json.slice();
      (copy as unknown[])[i] = item;
    }
  } else {
    for (const key of Object.keys(json)) {
      const item = decodeValue(json[key]);
      if (item === json[key]) continue;
      copy ??= { ...json };
      setOwn(copy as Record<string, unknown>, key, item);
    }
  }
  return copy ?? json;
}

/** Whether `JSON.stringify` writes it as a text says: a number as another tool wrote it. */
function isRawJson(value: object): boolean {
  return (JSON as unknown as { isRawJSON(value: object): boolean }).isRawJSON(value);
}

/** One walk through a value; holds the way from the top to where it is, for cycles and messages. */
class Encoder {
  readonly #above: object[] = [];
  readonly #path: string[] = ["data"];

  encode(value: unknown, key: string, mayConvert = true): Json {
    switch (typeof value) {
      case "number":
        if (Number.isFinite(value)) return value + 0;
        this.#checkDepth(); // It becomes an object.
        return encodeSpecialNumber(value);
      case "string":
      case "boolean":
        return value;
      case "undefined":
        return null;
      case "bigint":
        return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
      case "function":
        throw this.#refuse("a function");
      case "symbol":
        throw this.#refuse("a symbol");
    }
    return value === null ? null : this.#guarded(value as object, key, mayConvert);
  }

  #guarded(value: object, key: string, mayConvert: boolean): Json {
    if (this.#above.includes(value)) throw this.#refuse("a part of itself (a cycle)");
    this.#checkDepth();
    this.#above.push(value);
    const json = this.#object(value, key, mayConvert);
    this.#above.pop();
    return json;
  }

  #checkDepth(): void {
    if (this.#above.length >= MAX_DEPTH) throw this.#refuse(`nested deeper than ${MAX_DEPTH}`);
  }

  #object(value: object, key: string, mayConvert: boolean): Json {
    if (Array.isArray(value)) return this.#list(value);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return this.#list(value as unknown as Uint8Array);
    if (mayConvert && "toJSON" in value && typeof value.toJSON === "function") {
      const json: unknown = value.toJSON(key);
      // An object may give itself; its own toJSON is not asked twice.
      if (json === value) return this.#object(value, key, false);
      return this.encode(json, key, false);
    }
    if (value instanceof Map) return this.#entries(value.entries());
    if (value instanceof Set) return this.#list([...value]);
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      return this.encode(value.valueOf(), key);
    }
    if (value instanceof Promise) throw this.#refuse("a promise (await it first)");
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (isRawJson(value)) return value as Json;
    return this.#entries(Object.entries(value));
  }

  #list(items: ArrayLike<unknown>): Json[] {
    const list: Json[] = new Array(items.length);
    for (let i = 0; i < items.length; i++) {
      const key = String(i);
      this.#path.push(key);
      list[i] = this.encode(items[i], key);
      this.#path.pop();
    }
    return list;
  }

  #entries(entries: Iterable<[unknown, unknown]>): JsonObject {
    const object: JsonObject = {};
    for (const [name, item] of entries) {
      if (item === undefined) continue;
      if (typeof name === "symbol" || typeof name === "function" || (typeof name === "object" && name !== null)) {
        throw this.#refuse("a map with keys that are not strings");
      }
      const key = String(name);
      this.#path.push(key);
      setOwn(object, key, this.encode(item, key));
      this.#path.pop();
    }
    return object;
  }

  #refuse(state: string): UsageError {
    const path = this.#path.length > 12 ? [...this.#path.slice(0, 12), "…"] : this.#path;
    return new UsageError(
      `Cannot log "${path.join(".")}": it is ${state}, which JSON cannot hold; log numbers, strings, lists or objects.`,
    );
  }
}
