import { isObject, type JsonObject } from "../../base/json.ts";

/** The key that marks an object as a value which JSON has no word for. */
export const SPECIAL_KEY = "_dbx";

/** A file that the repository holds: its bytes are the object of that hash. */
export interface ExpFile {
  readonly _dbx: "expfile";
  /** The id of the experiment that it was written by. */
  readonly exp: string;
  /** The name that it was given; may hold `/`. */
  readonly name: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A file that the repository does not hold: where it was, and what it was. */
export interface RefFile {
  readonly _dbx: "reffile";
  readonly path: string;
  readonly hostname: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** The value that stands for a file held by the repository. */
export function expfile(file: Readonly<{ exp: string; name: string; sha256: string }>): JsonObject {
  return { _dbx: "expfile", exp: file.exp, name: file.name, sha256: file.sha256 };
}

/** The value that stands for a file outside the repository. */
export function reffile(file: Readonly<{ path: string; hostname: string; sha256: string }>): JsonObject {
  return { _dbx: "reffile", path: file.path, hostname: file.hostname, sha256: file.sha256 };
}

/** Whether a value is a well-formed `expfile`. */
export function isExpfile(value: unknown): value is ExpFile & JsonObject {
  return isObject(value) && value._dbx === "expfile" && typeof value.exp === "string" &&
    typeof value.name === "string" && isSha256(value.sha256);
}

/** Whether a value is a well-formed `reffile`. */
export function isRefFile(value: unknown): value is RefFile & JsonObject {
  return isObject(value) && value._dbx === "reffile" && typeof value.path === "string" &&
    typeof value.hostname === "string" && isSha256(value.sha256);
}

/** Whether a value is a SHA-256 as the format writes it: 64 lower-case hexadecimal digits. */
export function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/** The number that `{"_dbx":"nan"}`, `{"_dbx":"inf"}` or `{"_dbx":"-inf"}` stands for; undefined for any other value. */
export function specialNumber(value: unknown): number | undefined {
  if (!isObject(value)) return undefined;
  switch (value[SPECIAL_KEY]) {
    case "nan":
      return NaN;
    case "inf":
      return Infinity;
    case "-inf":
      return -Infinity;
  }
  return undefined;
}

/** How a number that JSON lacks is written. */
export function encodeSpecialNumber(value: number): JsonObject {
  return { _dbx: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}
