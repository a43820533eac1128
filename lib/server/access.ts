import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** Milliseconds that a wrong token costs. */
const WRONG_TOKEN_MS = 300;

/** Who may ask. */
export interface AccessOptions {
  /** Without one, everybody who reaches the address may. */
  readonly token?: string;
  /** The names by which the server is meant, without ports; a page of another site that resolves here has another name. */
  readonly hosts: readonly string[];
}

/** Refuses a request that is not allowed in. */
export async function admit(request: Request, { token, hosts }: AccessOptions): Promise<void> {
  const url = new URL(request.url);
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== url.origin) throw new Refusal(403, "a page of another site may not ask");
  if (token === undefined) {
    if (!hosts.includes(url.hostname)) throw new Refusal(403, `"${url.hostname}" is not the name of this server`);
    return;
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given !== undefined && areSame(given, token)) return;
  if (given !== undefined) await new Promise((resolve) => setTimeout(resolve, WRONG_TOKEN_MS));
  const why = given === undefined ? "a token is needed: --token-file, DBX_TOKEN" : "the token is wrong";
  throw new Refusal(401, why, { "www-authenticate": "Bearer" });
}

/** Compares in a time that does not tell how much is equal. */
function areSame(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(first, second);
}
