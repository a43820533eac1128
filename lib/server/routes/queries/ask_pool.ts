import { withReadTimeout } from "../../http/read_timeout.ts";
import { streamAnswer } from "../../http/responses.ts";
import type { AskLimits, PoolRequest } from "../../pool/messages.ts";
import type { Call } from "../call.ts";

/** How the pool's answer is sent. */
export interface AskPoolOptions {
  /** The media type. Default: JSON. */
  readonly type?: string;
  readonly limits?: Partial<AskLimits>;
  /** What errors call the repository. */
  readonly as?: string;
}

/** Has a helper of the pool answer a question about the repository, as long as the client waits for the answer. */
export async function askPool(
  { request, client, gone, served: { at, name }, services: { pool } }: Call,
  question: PoolRequest,
  { type = "application/json", limits, as = name }: AskPoolOptions = {},
): Promise<Response> {
  const stream = await pool.ask([{ at, name: as }], question, { client, limits, signal: gone });
  return streamAnswer(request, withReadTimeout(stream), type);
}
