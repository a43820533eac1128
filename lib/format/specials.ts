import { isObject, type JsonObject } from "../base/json.ts";

/** A file whose contents the repository holds as an object. */
export function expfile(file: { exp: string; name: string; sha256: string }): JsonObject {
  return { _dbx: "expfile", exp: file.exp, name: file.name, sha256: file.sha256 };
}

/** A file that stays where it is. */
export function reffile(file: { path: string; hostname: string; sha256: string }): JsonObject {
  return { _dbx: "reffile", path: file.path, hostname: file.hostname, sha256: file.sha256 };
}

/** Whether a value refers to an object of the repository. */
export function isExpfile(value: unknown): value is { _dbx: "expfile"; exp: string; name: string; sha256: string } {
  return isObject(value) && value._dbx === "expfile" && typeof value.sha256 === "string" &&
    typeof value.name === "string";
}

/** Whether a value refers to a file elsewhere. */
export function isReffile(
  value: unknown,
): value is { _dbx: "reffile"; path: string; hostname: string; sha256: string } {
  return isObject(value) && value._dbx === "reffile" && typeof value.path === "string";
}
