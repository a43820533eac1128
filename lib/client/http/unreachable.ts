import { messageOf, UnreachableError } from "../../base/errors.ts";

/** What to do about a connection that broke. */
export const TRY_AGAIN = "try again";

/** The connection went before anything of an answer had come. */
export const CUT_EARLY = `the connection was cut before an answer came; ${TRY_AGAIN}`;

/** The words for a server or a machine that cannot be reached; all errors of connections begin with them. */
export function cannotReach(who: string, why?: string): string {
  return `Cannot reach ${who}${why === undefined ? "" : `: ${why}`}`;
}

/** The error for a server that may be reached later. */
export function unreachable(who: string, why: string): UnreachableError {
  return new UnreachableError(cannotReach(who, why));
}

/** Why `fetch` got no answer, and what to do: by the innermost reason, as the outer ones repeat the address. */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const match = /client error \((\w+)\)(?:: (.*))?$/s.exec(messageOf(inner));
  if (match === null) return messageOf(inner);
  const [, when, why = ""] = match;
  return when === "Connect" ? notConnected(why) : CUT_EARLY;
}

/** Why a connection failed, in plain words instead of the names and numbers of the runtime and the system. */
function notConnected(why: string): string {
  if (/^dns error/.test(why)) return "the host was not found; check its name and the network";
  const tcp = /^tcp connect error: (.*?)\.?(?: \(os error \d+\))?$/s.exec(why);
  if (tcp === null) return why; // Certificates and the like.
  if (/refused/i.test(tcp[1])) {
    return "the connection was refused; is dbx serve running there? check the host and the port";
  }
  return `${tcp[1]}; check the host, the port and the network`;
}
