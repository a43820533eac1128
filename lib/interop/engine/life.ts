import { encodeEvent } from "../../format/events/encode_event.ts";
import { HEARTBEAT_SECONDS } from "../../format/events/lost_run_limit.ts";
import { SEAL_EVENT } from "../../format/events/seal.ts";
import { createHash } from "node:crypto";
import { parseRun } from "../../format/definitions/definition.ts";
import { definitionFile, logFile, logNameOf } from "../../format/layout/names.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { EndRecord } from "../foreign.ts";
import { experimentOf } from "./repository_target.ts";
import type { RunPlace } from "./target.ts";

/**
 * Writes the log `dbx` of a run that is imported: when it began, what its files hold, how it ended. It is written in one go at
 * the end, so that it is the same on every machine; a run of a tool that records ends has its beginning before.
 */
export async function beginLife(store: LocalStore, place: RunPlace): Promise<void> {
  const name = logFile(place.folder, "dbx");
  if ((store.look(name)?.size ?? 0) > 0) return;
  const path = definitionFile(place.folder);
  const { createdAt, hostname } = parseRun(new TextDecoder().decode(store.readNow(path)), { path, id: place.run });
  let lines = encodeEvent("dbx/start", createdAt, { hostname, heartbeat: HEARTBEAT_SECONDS });
  const seal = (definition: string, file: string) => {
    const bytes = store.readNow(file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    lines += encodeEvent(SEAL_EVENT, createdAt, { definition, size: bytes.length, sha256 });
  };
  seal("experiment", definitionFile(experimentOf(place)));
  seal("run", definitionFile(place.folder));
  await store.append(name, 0, new TextEncoder().encode(lines));
}

/** Adds the end, once. The logs must have been handed over. */
export async function endLife(store: LocalStore, place: RunPlace, end: EndRecord): Promise<void> {
  const name = logFile(place.folder, "dbx");
  const encoder = new TextEncoder();
  const there = store.look(name) === undefined ? new Uint8Array() : store.readNow(name);
  const text = new TextDecoder().decode(there);
  if (text.includes('{"event":"dbx/end"')) return;
  const logs = store.listNow(place.folder).map((entry) => logNameOf(entry.name)).filter((log) => log !== undefined);
  const others = logs.filter((log) => log !== "dbx").sort();
  const extents = others.map((log) => {
    const file = logFile(place.folder, log);
    return { name: file, size: store.look(file)?.size ?? 0 };
  });
  const hashes = await store.hashPrefixes(extents.map(({ name, size }) => ({ name, length: size })));
  let lines = text.slice(0, text.lastIndexOf("\n") + 1);
  const start = encoder.encode(lines).length;
  const before = lines.length;
  others.forEach((log, at) => {
    const sha256 = hashes[at]?.sha256;
    if (sha256 !== undefined) lines += encodeEvent(SEAL_EVENT, end.ts, { log, size: extents[at].size, sha256 });
  });
  const began = Number(/"ts":(\d+)/.exec(text)?.[1] ?? end.ts);
  const data = {
    status: end.status,
    ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    durationMs: Math.max(0, end.ts - began),
  };
  const last = encodeEvent("dbx/end", end.ts, data).slice(0, -2);
  const sha256 = createHash("sha256").update(lines + last).digest("hex");
  lines += `${last},"sha256":"${sha256}"}\n`;
  await store.append(name, start, encoder.encode(lines.slice(before)));
}
