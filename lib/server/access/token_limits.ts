import { isObject } from "../../base/json.ts";

/** How much a token may write to a repository. Undefined: as much as it likes. */
export interface TokenLimits {
  /** Bytes in all. */
  readonly bytes?: number;
  /** New files in all: definitions, logs, objects. */
  readonly files?: number;
  /** Bytes a second, in the long run. */
  readonly rate?: number;
}

/** The limits of a token: their own, and where they have none those of all. */
export function limitsOf(own: TokenLimits | undefined, all: TokenLimits): TokenLimits {
  return { bytes: own?.bytes ?? all.bytes, files: own?.files ?? all.files, rate: own?.rate ?? all.rate };
}

/** Limits as a file holds them. Throws if it is malformed. */
export function limitsFromJson(json: unknown): TokenLimits | undefined {
  if (json === undefined) return undefined;
  if (!isObject(json)) throw new Error("malformed limits");
  const limits: { bytes?: number; files?: number; rate?: number } = {};
  for (const key of ["bytes", "files", "rate"] as const) {
    const value = json[key];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) throw new Error(`the limit "${key}" is not a non-negative number`);
    limits[key] = value;
  }
  return limits;
}
