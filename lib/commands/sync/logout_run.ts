import { NotFoundError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { Credentials } from "../../client/location/credentials.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./logout.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { serverOf } from "./login.ts";

/** Forgets a token. */
export function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const credentials = new Credentials(context.env);
  const url = serverOf(parsed, "log out");
  if (credentials.forget(url)) return Promise.resolve(recordResult({ url, forgotten: true }));
  const known = credentials.list().map((kept) => kept.url);
  throw new NotFoundError(
    `Cannot log out at ${url}: no token is stored for it${
      didYouMean(url, known) || (known.length > 0 ? `; there are some for ${known.join(", ")}` : "")
    }`,
  );
}
