import { messageOf } from "../../base/errors.ts";
import { formatDeviation } from "../../format/events/format_deviation.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { isPrintedLine, PRINTED_LOGS } from "../../format/events/printed_line.ts";
import { FILES_LOG, unkeptLines } from "../../format/events/file_event.ts";
import { missingObjects } from "./definition.ts";
import type { LogReader } from "../logs/log_reader.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Looks at every line of a log. */
export async function* checkLog(repo: Repository, log: LogReader, version: 0 | 1): AsyncIterableIterator<Problem> {
  const path = log.file;
  const size = await log.size();
  const mayBePrinted = version === 1 && PRINTED_LOGS.some((item) => item.log === log.name);
  const judge = (text: string) => mayBePrinted && isPrintedLine(text) ? undefined : findingOf(text, version);
  let end = 0;
  try {
    const isUnkept = version === 1 && log.name === FILES_LOG ? await unkeptIn(log) : () => false;
    for await (const { text, line, offset, next } of log.lines()) {
      end = next;
      const found = text === undefined ? { kind: "bad-line" as const, message: "not UTF-8" } : judge(text);
      if (found !== undefined) yield problem(found.kind, { path, line, offset, message: found.message });
      if (found?.kind !== "bad-line" && version === 1 && text!.includes("xpfile") && !isUnkept(line)) {
        const bytes = new TextEncoder().encode(text + "\n");
        for (const message of await missingObjects(repo, path, bytes)) {
          yield problem("missing-object", { path, line, offset, message });
        }
      }
    }
  } catch (error) {
    yield problem("unreadable", { path, message: messageOf(error) });
    return;
  }
  if (end < size) {
    const message = `${size - end} bytes after the last line: an event that is still being written, or was cut off`;
    yield problem("torn-tail", { path, offset: end, message });
  }
}

/** Which lines name a version of a file that need not be kept, by their numbers: a collection may have removed its bytes. */
async function unkeptIn(log: LogReader): Promise<(line?: number) => boolean> {
  const lines: string[] = [];
  for await (const { text } of log.lines()) lines.push(text ?? "");
  const unkept = unkeptLines(lines);
  return (line = 0) => unkept.has(line - 1);
}

/** What a line is, where it is not as a writer must write it. */
function findingOf(
  line: string,
  version: 0 | 1,
): { readonly kind: "bad-line" | "irregular-line"; readonly message: string } | undefined {
  const odd = formatDeviation(line, version);
  if (odd === undefined) return undefined;
  try {
    parseEvent(line, version);
    return { kind: "irregular-line", message: `${odd}; it is read anyway` };
  } catch (error) {
    return { kind: "bad-line", message: messageOf(error) };
  }
}
