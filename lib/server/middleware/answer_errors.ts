import { isUnexpected, refuse } from "../http/http_error.ts";
import type { Middleware } from "./middleware.ts";

/** What becomes of errors. */
export interface ErrorOptions {
  /** Called with errors that are not shown to a client. */
  readonly onError?: (message: string) => void;
  /** Takes the paths of this machine out of a message for a client. */
  readonly hide?: (message: string) => string;
}

/** Makes an answer of each error: nothing rejects any more. */
export function answerErrors<Given>({ onError, hide }: ErrorOptions): Middleware<Given> {
  return async (given, next) => {
    try {
      return await next(given);
    } catch (error) {
      const unexpected = isUnexpected(error);
      if (unexpected !== undefined) onError?.(unexpected);
      // Clients do not learn where repositories are on this machine.
      if (error instanceof Error && hide !== undefined) error.message = hide(error.message);
      return refuse(error);
    }
  };
}
