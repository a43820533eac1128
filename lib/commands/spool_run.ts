import { messageOf, UsageError } from "../base/errors.ts";
import { isUrl } from "../base/server_url.ts";
import { keptSpools, Spool } from "../client/spool.ts";
import { spoolFolder } from "../client/spool_folder.ts";
import type { Context, Parsed } from "./command.ts";
import { age, safe } from "./format_values.ts";
import { flag } from "./parse.ts";
import { openServer } from "./repository.ts";
import { spoolAction } from "./spool.ts";
import { printTable } from "./table_print.ts";

/** Milliseconds. */
const DAY = 86_400_000;

/** Lists what waits, and sends it. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const folder = spoolFolder(context.env);
  if (folder === undefined) throw new UsageError("Cannot find what waits: set DBX_SPOOL");
  const all = await keptSpools(folder, context.now);
  if (spoolAction(parsed) === "push") return await push(context, all);
  if (flag(parsed, "json")) context.stdout.write(JSON.stringify(all, null, 2) + "\n");
  else if (all.length === 0) context.stderr.write("dbx: nothing waits\n");
  else {
    const rows = all.map(({ path, url, isAlive, hasEnded, aliveAt }) => {
      const state = isAlive ? "in use" : hasEnded ? "ended" : "left behind";
      return [safe(path), safe(url), state, age(aliveAt, context.now)];
    });
    printTable(context.stdout, ["spool", "server", "state", "age"], rows);
  }
  return 0;
}

async function push(context: Context, all: Awaited<ReturnType<typeof keptSpools>>): Promise<number> {
  if (!isUrl(context.repo)) throw new UsageError("Cannot send what waits: name the server, --repo http://…");
  const server = await openServer(context, context.repo);
  let code = 0;
  for (const { path, url, isAlive, hasEnded, aliveAt } of all) {
    if (url !== context.repo || isAlive) continue;
    const onMessage = (message: string) => context.stderr.write(`dbx: ${safe(message)}\n`);
    const spool = Spool.open(path, server.api, server.store, { onMessage });
    try {
      // Who seems to be gone may be asleep, and go on to write there.
      const remove = hasEnded || context.now - aliveAt > DAY;
      if (await spool.sendAll(context.signal, remove)) {
        const stays = remove ? "" : "; it stays for a day, since its run has not ended";
        context.stdout.write(`sent ${safe(path)}${stays}\n`);
        continue;
      }
      context.stderr.write(`dbx: ${safe(path)} stays: ${safe(spool.trouble ?? "not all of it was taken")}\n`);
    } catch (error) {
      context.stderr.write(`dbx: ${safe(path)} stays: ${safe(messageOf(error))}\n`);
    }
    code = 1;
  }
  return code;
}
