import { isObject } from "../../base/json.ts";
import { parentOf } from "../../base/paths.ts";
import { timeOfIso, withStep } from "../event_parts.ts";
import { type SourceEntry, sourceFiles } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import {
  type EventRecord,
  type ForeignData,
  type ForeignRecord,
  METRICS_EVENT,
  type ReadOptions,
  SYSTEM_LOG,
} from "../foreign.ts";
import { trackioRun } from "./trackio_run.ts";
import { parseTrackioObject } from "./trackio_values.ts";

/** Whether a name is that of a fragment: `inbox/<writer>/00000003.jsonl`. */
export function isFragment(name: string): boolean {
  return /(?:^|\/)\d{8}\.jsonl$/.test(name);
}

/**
 * Reads the lines of JSON that Trackio writes where it does not trust the file system. Each writer has a folder of numbered files,
 * which never change.
 */
export async function* readFragments(root: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const files = await sourceFiles(root, isFragment);
  const known = new Set<string>();
  for (const [writer, entries] of Map.groupBy(files, ({ name }) => parentOf(name))) {
    const source = `${writer}/`;
    const read = options.positions.get(source);
    yield [{ type: "source", source }];
    for (const entry of entries) {
      if (typeof read === "string" && entry.name <= read) continue;
      yield* readFragment(entry, writer.slice(writer.lastIndexOf("/") + 1), known, options);
      yield [{ type: "position", state: entry.name }];
    }
  }
}

async function* readFragment(
  entry: SourceEntry,
  writer: string,
  known: Set<string>,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const file = new GrowingLines(entry.path, options.signal);
  for await (const { lines } of file.read({ offset: 0, line: 0 })) {
    const records: ForeignRecord[] = [];
    for (const { text, number } of lines) {
      if (text.trim() === "") continue;
      const fields = parseTrackioObject(text);
      const event = fields && eventOf(fields, writer);
      if (event === undefined) {
        const what = "the line is not a record of Trackio";
        records.push({
          type: "problem",
          file: entry.name,
          at: { unit: "line", number },
          what,
          advice: "it is left out",
        });
        continue;
      }
      if (!known.has(event.run)) {
        known.add(event.run);
        records.push(runOf(fields!));
      }
      records.push(event);
    }
    yield records;
  }
}

function runOf(fields: ForeignData): ReturnType<typeof trackioRun> {
  return trackioRun({
    project: text(fields.project) ?? "trackio",
    id: text(fields.run_id),
    name: text(fields.run),
    config: isObject(fields.config) ? fields.config as ForeignData : undefined,
    createdAt: timeOfIso(text(fields.timestamp)),
  });
}

function eventOf(fields: ForeignData, writer: string): EventRecord | undefined {
  const { kind, metrics, step } = fields;
  const common = { type: "event", run: runOf(fields).key, ts: timeOfIso(text(fields.timestamp)) } as const;
  const at = typeof step === "number" ? step : undefined;
  if (kind === "metric" && isObject(metrics)) {
    const data = withStep(at, metrics as ForeignData);
    return { ...common, log: `${METRICS_EVENT}-${writer}`, name: METRICS_EVENT, data };
  }
  if (kind === "system_metric" && isObject(metrics)) {
    return { ...common, log: `${SYSTEM_LOG}-${writer}`, name: SYSTEM_LOG, data: metrics as ForeignData };
  }
  if (kind !== "alert") return undefined;
  const { title, text: body, level } = fields;
  const data = Object.fromEntries(
    Object.entries({ title, text: body, level }).filter(([, value]) => value !== undefined),
  );
  return { ...common, log: `alerts-${writer}`, name: "alert", data: withStep(at, data) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
