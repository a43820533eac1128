import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The header with the checksum of a request's first line and range, or of what an answer to `HEAD` says of a file. */
export const CHECK_HEADER = "dbx-check";

/** The header of a refusal that says, for programs, why; `GARBLED`: what came is not what was sent. */
export const ERROR_HEADER = "dbx-error";
export const GARBLED = "checksum";

/** The proof of an object that a garbage collection removed, and that nothing which came since refers to. */
export const COLLECTED = "collected";

/** The value of `Content-Digest` (RFC 9530) for a body. */
export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;
}

/**
 * Whether a body has the digest that a `Content-Digest` or `Repr-Digest` names; undefined where the header names none of
 * SHA-256, or is missing.
 */
export function hasDigest(bytes: Uint8Array, header: string | null): boolean | undefined {
  const given = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]*):/.exec(header ?? "");
  if (given === null) return undefined;
  return given[1] === createHash("sha256").update(bytes).digest("base64");
}

/** The value of `Repr-Digest` for an object, whose name is its SHA-256 in hexadecimal digits. */
export function objectDigest(sha256: string): string {
  return `sha-256=:${btoa(String.fromCharCode(...sha256.match(/../g)!.map((byte) => parseInt(byte, 16))))}:`;
}

/** The CRC-32 of bytes, or of the UTF-8 of a text, as eight hexadecimal digits. */
export function crcOf(bytes: string | Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}

/**
 * The checksum of what a request asks for: its method, its address from `repos/` or `api/` on (a proxy may have taken what
 * stands before), and its range.
 */
export function requestCheck(method: string, url: string, range: string | null): string {
  const { pathname, search } = new URL(url);
  const target = /(?:\/repos\/[^/]+)?\/api\/v1(?:\/.*)?$/.exec(pathname)?.[0] ?? pathname;
  return crcOf(`${method} ${target}${search}\n${range ?? ""}\n`);
}

/** Whether a request is what was sent, as far as it says. */
export function isIntact(request: Request): boolean {
  const check = request.headers.get(CHECK_HEADER);
  return check === null || check === requestCheck(request.method, request.url, request.headers.get("range"));
}

/** The checksum of what an answer to `HEAD` says of a file. */
export function statCheck(kind: string | null, size: string | null, modifiedAt: string | null): string {
  return crcOf(`${kind ?? ""} ${size ?? ""} ${modifiedAt ?? ""}\n`);
}
