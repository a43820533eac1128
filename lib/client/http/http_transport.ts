import { UsageError } from "../../base/errors.ts";
import type { Transport } from "./exchange.ts";

/**
 * Requests over the network. `caFile`: a file of certificates (PEM) that are trusted besides those of the runtime, for a server
 * with one of its own. Needs net permission, and read permission on the file.
 */
export function httpTransport(caFile?: string): Transport {
  if (caFile === undefined || caFile === "") return (request) => fetch(request);
  let text: string;
  try {
    text = Deno.readTextFileSync(caFile);
  } catch (error) {
    throw new UsageError(`Cannot read the certificates in DBX_CA_FILE "${caFile}": ${(error as Error).message}`);
  }
  const client = Deno.createHttpClient({ caCerts: [text] });
  return (request) => fetch(request, { client });
}
