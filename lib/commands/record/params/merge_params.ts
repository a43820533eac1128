import { isObject, type Json, type JsonObject } from "../../../base/json.ts";
import { SPECIAL_KEY } from "../../../format/json/special_values.ts";

/** Merges params into others, object by object; what is merged in wins, over flags with dots in their names too. */
export function mergeParams(into: JsonObject, from: JsonObject): void {
  merge(into, from, "", into);
}

function merge(into: JsonObject, from: JsonObject, path: string, root: JsonObject): void {
  for (const [name, value] of Object.entries(from)) {
    const whole = path === "" ? name : `${path}.${name}`;
    if (path !== "") delete root[whole];
    const before = Object.hasOwn(into, name) ? into[name] : undefined;
    if (!isGroup(value)) into[name] = value;
    else {
      const group = isGroup(before) ? before : {};
      into[name] = group;
      merge(group, value, whole, root);
    }
  }
}

/**
 * Sets one param. A name with dots is a place in nested params (`optim.lr` in `{"optim": {…}}`), unless there is a param of
 * that very name, or a part of it is a plain value.
 */
export function setParam(params: JsonObject, name: string, value: Json): void {
  const keys = name.split(".");
  if (Object.hasOwn(params, name) || keys.includes("") || keys.includes("__proto__")) {
    return setParameter(params, name, value);
  }
  let group = params;
  for (const key of keys.slice(0, -1)) {
    const inner = Object.hasOwn(group, key) ? group[key] : undefined;
    // A plain value has no parts: the param stands beside it, under its whole name.
    if (inner !== undefined && !isGroup(inner)) return setParameter(params, name, value);
    if (inner === undefined) group = group[key] = {} as JsonObject;
    else group = inner;
  }
  setParameter(group, keys.at(-1)!, value);
}

function setParameter(into: JsonObject, name: string, value: Json): void {
  if (name !== "__proto__") into[name] = value;
}

/** Whether a value has parts: an object that is not a special value. */
function isGroup(value: Json | undefined): value is JsonObject {
  return isObject(value) && !Object.hasOwn(value, SPECIAL_KEY);
}
