import { messageOf, UsageError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { openServer } from "../../../cli/repository/repository.ts";
import { listSpools, type SpoolEntry } from "../../../client/spool/list.ts";
import { Spool } from "../../../client/spool/spool.ts";
import { listResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./push.ts";
import { onlyServer } from "./only_server.ts";
import { theSpoolFolder } from "./the_folder.ts";

/** Milliseconds for which nothing may have been written to what is to be removed although its run has not ended. */
const DAY = 86_400_000;

/** Sends what waits. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const all = await listSpools(theSpoolFolder(context), context.now);
  const only = onlyServer(all);
  const named = await context.server();
  const server = named ?? (only === undefined ? undefined : await openServer(context, only));
  if (server === undefined) {
    const urls = [...new Set(all.map(({ url }) => url))];
    const example = urls.length === 0 ? "http://…" : urls.join(" or ");
    throw new UsageError(`Cannot send the spool: name the server: dbx spool push --repo ${example}`);
  }
  const wanted = named === undefined ? only : context.repo;
  const items: { path: string; sent: boolean; stays?: string }[] = [];
  for (const kept of all) {
    if (kept.url !== wanted) continue;
    const path = kept.path;
    const say = (message: string) => context.stderr.line(`dbx: ${message}`);
    // A process that writes to it sends it itself.
    const spool = kept.isAlive ? undefined : Spool.open(kept.path, server.store, { onMessage: say });
    if (spool === undefined) continue;
    let trouble: string;
    try {
      const stays = whyItStays(kept, parsed.options["remove-unended"], context.now);
      if (await spool.sendAll(context.signal, stays === undefined)) {
        items.push({ path, sent: true, stays });
        if (isForPeople(parsed.options)) {
          context.stdout.line(`sent ${path}${stays === undefined ? "" : `; it stays: ${stays}`}`);
        }
        continue;
      }
      trouble = spool.trouble ?? "the server did not accept all of it";
    } catch (error) {
      trouble = messageOf(error);
    } finally {
      spool.leave();
    }
    say(`${path} stays: ${trouble}`);
    items.push({ path, sent: false, stays: trouble });
  }
  const exitCode = items.every(({ sent }) => sent) ? 0 : 1;
  return listResult({ items, fields: ["path", "sent", "stays"], end: () => ({ exitCode }) });
}

/** Why what was sent is not removed; undefined where it may be. A training can outlive the dbx that started it. */
function whyItStays(kept: SpoolEntry, removeUnended: boolean, now: number): string | undefined {
  if (kept.hasEnded) return undefined;
  if (!removeUnended) return "its run has not ended and may still write to it; --remove-unended removes it";
  return now - kept.changedAt > DAY ? undefined : "its run has not ended and has written to it within a day";
}
