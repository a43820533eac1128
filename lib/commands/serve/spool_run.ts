import { messageOf, UsageError } from "../../base/errors.ts";
import { isUrl } from "../../base/server_url.ts";
import { listSpools, type SpoolEntry } from "../../client/spool/list.ts";
import { Spool } from "../../client/spool/spool.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { age } from "../../terminal/values.ts";
import { flag } from "../../cli/parse.ts";
import { openServer } from "../../cli/repository/repository.ts";
import { spoolAction } from "./spool.ts";
import { printTable } from "../../terminal/table.ts";

/** Milliseconds for which nothing may have been written to what is to be removed although its run has not ended. */
const DAY = 86_400_000;

/** Lists what waits, and sends it. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const folder = spoolFolder(context.env);
  if (folder === undefined) throw new UsageError("Cannot find the spool: set DBX_SPOOL");
  const all = await listSpools(folder, context.now);
  if (spoolAction(parsed) === "push") return await push(context, parsed, all);
  if (flag(parsed, "json")) context.stdout.json(all, 2);
  else if (all.length === 0) context.stderr.line("dbx: the spool is empty");
  else {
    const rows = all.map(({ path, url, isAlive, hasEnded, changedAt }) => {
      const state = isAlive ? "in use" : hasEnded ? "ended" : "not ended";
      return [path, url, state, age(changedAt, context.now)];
    });
    printTable(context.stdout, ["spool", "server", "state", "age"], rows);
  }
  return 0;
}

async function push(context: Context, parsed: Parsed, all: readonly SpoolEntry[]): Promise<number> {
  if (!isUrl(context.repo)) {
    const urls = [...new Set(all.map(({ url }) => url))];
    const example = urls.length === 0 ? "http://…" : urls.join(" or ");
    throw new UsageError(`Cannot send the spool: name the server: dbx spool push --repo ${example}`);
  }
  const server = await openServer(context, context.repo);
  let code = 0;
  for (const kept of all) {
    if (kept.url !== context.repo) continue;
    const path = kept.path;
    const say = (message: string) => context.stderr.line(`dbx: ${message}`);
    // A process that writes to it sends it itself.
    const spool = kept.isAlive ? undefined : Spool.open(kept.path, server.store, { onMessage: say });
    if (spool === undefined) continue;
    try {
      const stays = whyItStays(kept, flag(parsed, "remove-unended"), context.now);
      if (await spool.sendAll(context.signal, stays === undefined)) {
        context.stdout.line(`sent ${path}${stays === undefined ? "" : `; it stays: ${stays}`}`);
        continue;
      }
      say(`${path} stays: ${spool.trouble ?? "the server did not accept all of it"}`);
    } catch (error) {
      say(`${path} stays: ${messageOf(error)}`);
    } finally {
      spool.leave();
    }
    code = 1;
  }
  return code;
}

/** Why what was sent is not removed; undefined where it may be. A training can outlive the dbx that started it. */
function whyItStays(kept: SpoolEntry, removeUnended: boolean, now: number): string | undefined {
  if (kept.hasEnded) return undefined;
  if (!removeUnended) return "its run has not ended and may still write to it; --remove-unended removes it";
  return now - kept.changedAt > DAY ? undefined : "its run has not ended and has written to it within a day";
}
