import { DbxError, messageOf, UnreachableError, UsageError } from "../../base/errors.ts";
import { HttpClient } from "../../client/http/client.ts";
import { Credentials } from "../../client/location/credentials.ts";
import { absolute } from "../../base/paths.ts";
import { httpTransport } from "../../client/http/http_transport.ts";
import { readText } from "../../cli/read_text.ts";
import { isForPeople, refuseFields } from "../../cli/print_options.ts";
import { ask } from "../../cli/ask.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { type OPTIONS, serverOf } from "./login.ts";
import { isTokenText, readToken } from "../../client/location/tokens.ts";
import { listResult, recordResult, type Result } from "../../terminal/result.ts";

/** Bytes of stdin that may be a token. */
const MAX_TOKEN_BYTES = 4096;

/** Keeps a token, or lists those that are kept. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const credentials = new Credentials(context.env);
  if (parsed.options.list) {
    return listResult({
      items: credentials.list().map(({ url, insecure }) => ({ url, insecure: insecure === true })),
      fields: ["url", "insecure"],
      columns: [
        { head: "server", text: ({ url }) => url },
        { head: "way", text: ({ insecure }) => insecure ? "also without TLS" : "" },
      ],
      empty: "no tokens are stored; dbx login URL stores one",
    });
  }
  refuseFields(parsed.options);
  const url = serverOf(parsed, "log in");
  const insecure = parsed.options.insecure;
  const file = parsed.options["token-file"];
  const token = file === undefined ? await givenToken(context, url) : readToken(absolute(file, context.cwd));
  const role = await roleOf(context, { url, token, insecure });
  credentials.keep({ url, token, ...insecure && { insecure } });
  if (isForPeople(parsed.options)) {
    context.stderr.line(`dbx: logged in at ${url}${role === undefined ? "" : `, with the role ${role}`}`);
  }
  return recordResult({ url, role: role ?? null });
}

/** The token that is typed, or comes on stdin. */
async function givenToken(context: Context, url: string): Promise<string> {
  const given = context.stdin.isTerminal
    ? await ask(context, `Token for ${url}: `, { hidden: true })
    : await readText(context.stdin.readable, MAX_TOKEN_BYTES);
  const token = given?.trim();
  if (token !== undefined && isTokenText(token)) return token;
  throw new UsageError(
    token === ""
      ? "Cannot log in: no token was given"
      : "Cannot log in: a token is one line of at most 1024 ASCII characters",
  );
}

/** The role that a server gives a token; undefined where it cannot be reached. Rejects where the token is wrong. */
async function roleOf(
  context: Context,
  { url, token, insecure }: { readonly url: string; readonly token: string; readonly insecure: boolean },
): Promise<string | undefined> {
  const api = new HttpClient({ base: url, token, insecure, transport: httpTransport(context.env.DBX_CA_FILE) });
  try {
    const { role } = await api.json("about", { signal: context.signal, retries: 0 });
    return typeof role === "string" ? role : undefined;
  } catch (error) {
    if (error instanceof UnreachableError) {
      context.stderr.line(`dbx: ${messageOf(error)}; the token was stored without being checked`);
      return undefined;
    }
    const why = messageOf(error);
    throw new DbxError(`Cannot log in at ${why.startsWith(`${url}: `) ? why : `${url}: ${why}`}`);
  }
}
