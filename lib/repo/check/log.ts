import { messageOf } from "../../base/errors.ts";
import { formatDeviation, parseEvent } from "../../format/events/event.ts";
import { isPrintedLine, PRINTED_LOGS } from "../../format/events/printed_line.ts";
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
    for await (const { text, line, offset, next } of log.lines()) {
      end = next;
      const found = text === undefined ? { kind: "bad-line" as const, message: "not UTF-8" } : judge(text);
      if (found !== undefined) yield problem(found.kind, { path, line, offset, message: found.message });
      if (found?.kind !== "bad-line" && version === 1 && text!.includes("xpfile")) {
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
