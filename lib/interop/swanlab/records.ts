import { isObject, setOwn } from "../../base/json.ts";
import {
  type EndRecord,
  type ForeignData,
  type ForeignRecord,
  type ForeignValue,
  METRICS_EVENT,
  OUTPUT_LOG,
  type RunRecord,
  SYSTEM_LOG,
} from "../foreign.ts";
import { bodyOf, withStep } from "../event_parts.ts";
import { described, float, floatText } from "../values.ts";
import { Message } from "../wire/protobuf.ts";

/** What the files beside the records say. */
export interface Describes {
  readonly params: ForeignData;
  readonly metadata: ForeignData;
}

// Numbers of fields, from swanlab/proto of SwanLab 0.10.
const START = 10, FINISH = 11, SCALAR = 13, MEDIA = 14, LOG = 16;

const ENDS: Readonly<Record<number, EndRecord["status"]>> = { 1: "finished", 2: "failed", 3: "killed" };

/** What one record says. `run`: the key of the run, which the first record gives. Throws where it is not a message. */
export function recordsOf(bytes: Uint8Array, run: string | undefined, about: Describes): ForeignRecord[] {
  const record = new Message(bytes);
  let time: number | undefined;
  while (record.next()) {
    if (record.field === 2) time = timeOf(record.message());
    else if (record.field === START) return [runRecord(record.message(), about, time)];
    else if (run === undefined) continue;
    else if (record.field === SCALAR) return [scalar(record.message(), run, time)];
    else if (record.field === MEDIA) return [media(record.message(), run, time)];
    else if (record.field === LOG) return [line(record.message(), run, time)];
    else if (record.field === FINISH) return [end(record.message(), run, time)];
  }
  return [];
}

function runRecord(start: Message, { params, metadata }: Describes, time: number | undefined): RunRecord {
  const texts: Record<number, string> = {};
  const tags: string[] = [];
  let startedAt: number | undefined;
  while (start.next()) {
    if (start.field === 6) tags.push(start.text());
    else if (start.field === 12) startedAt = timeOf(start.message());
    else if (start.field < 11 && start.field !== 3) texts[start.field] = start.text();
  }
  const { 1: project = "swanlab", 2: workspace, 4: name, 5: note, 7: group, 8: job, 10: id = "" } = texts;
  const { runtime, git, swanlab, hardware } = metadata;
  const machine = object(runtime);
  const repository = object(git);
  const command = text(machine.command);
  return {
    type: "run",
    key: `${id}\n${startedAt ?? time ?? 0}`,
    experiment: id,
    kind: job || group || project,
    name: `${project}/${name || id}`,
    params,
    createdAt: startedAt ?? time ?? 0,
    extra: { swanlab: known({ id, workspace, group, job_type: job, version: object(swanlab).version }) },
    runExtra: known({ python_version: machine.python_version, os: machine.os, hardware }),
    cmd: command === undefined ? undefined : command.split(" "),
    pwd: text(machine.cwd),
    hostname: text(machine.hostname),
    git: text(repository.commit) === undefined
      ? undefined
      : { commit: text(repository.commit), branch: text(repository.branch), remote: text(repository.remote_url) },
    tags,
    notes: note ? [note] : [],
    recordsEnd: true,
  };
}

/** Keys that begin with two underscores are the machine's. */
function scalar(message: Message, run: string, time: number | undefined): ForeignRecord {
  let key = "", step = 0, value = 0, ts = time;
  while (message.next()) {
    if (message.field === 1) key = message.text();
    else if (message.field === 2) step = message.integer();
    else if (message.field === 4) ts = timeOf(message.message()) ?? time;
    else if (message.field === 5) value = numberOf(message.message());
  }
  const log = key.startsWith("__swanlab__") ? SYSTEM_LOG : METRICS_EVENT;
  const known = { type: "event", run, log, name: log, ts } as const;
  const name = key.startsWith("__swanlab__.") ? key.slice("__swanlab__.".length) : key;
  const body = bodyOf(`{${JSON.stringify(name)}:${floatText(value)}}`, step);
  return body === undefined ? { ...known, data: withStep(step, { [name]: float(value) }) } : { ...known, body };
}

const MEDIA_FOLDERS: Readonly<Record<number, string>> = {
  2: "image",
  3: "audio",
  4: "text",
  5: "video",
  6: "echarts",
  7: "object3d",
  8: "molecule",
  9: "html",
};

function media(message: Message, run: string, time: number | undefined): ForeignRecord {
  let key = "", step = 0, kind = 0, ts = time;
  const items: ForeignValue[] = [];
  while (message.next()) {
    if (message.field === 1) key = message.text();
    else if (message.field === 2) step = message.integer();
    else if (message.field === 3) kind = message.integer();
    else if (message.field === 4) ts = timeOf(message.message()) ?? time;
    else if (message.field === 5) {
      const value = message.message();
      while (value.next()) if (value.field === 1) items.push(item(value.message(), MEDIA_FOLDERS[kind] ?? "other"));
    }
  }
  const data: Record<string, ForeignValue> = {};
  setOwn(data, key, items);
  return { type: "event", run, log: "media", name: "media", ts, data: withStep(step, data) };
}

/** The file itself is among those of the run, under the same name. */
function item(message: Message, folder: string): ForeignValue {
  const fields: Record<string, ForeignValue> = {};
  while (message.next()) {
    if (message.field === 1) fields.file = `media/${folder}/${message.text()}`;
    else if (message.field === 2) fields.sha256 = message.text();
    else if (message.field === 3) fields.size = message.integer();
    else if (message.field === 4 && message.text() !== "") fields.caption = message.text();
  }
  return described("media", fields);
}

function line(message: Message, run: string, time: number | undefined): ForeignRecord {
  let text = "", level = 0, ts = time;
  while (message.next()) {
    if (message.field === 1) text = message.text();
    else if (message.field === 2) level = message.integer();
    else if (message.field === 3) ts = timeOf(message.message()) ?? time;
  }
  return { type: "event", run, log: OUTPUT_LOG, name: level === 1 ? "stderr" : "stdout", ts, data: { text } };
}

function end(message: Message, run: string, time: number | undefined): EndRecord {
  let state = 0, ts = time;
  while (message.next()) {
    if (message.field === 1) state = message.integer();
    else if (message.field === 3) ts = timeOf(message.message()) ?? time;
  }
  return { type: "end", run, status: ENDS[state] ?? "lost", ts: ts ?? 0 };
}

function numberOf(message: Message): number {
  let value = 0;
  while (message.next()) if (message.field === 1) value = message.double();
  return value;
}

/** Seconds and nanoseconds. */
function timeOf(message: Message): number | undefined {
  let seconds = 0, nanoseconds = 0;
  while (message.next()) {
    if (message.field === 1) seconds = message.integer();
    else if (message.field === 2) nanoseconds = message.integer();
  }
  return seconds === 0 ? undefined : seconds * 1000 + Math.floor(nanoseconds / 1e6);
}

function known(values: Readonly<Record<string, unknown>>): ForeignData {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  ) as ForeignData;
}

function object(value: ForeignValue | undefined): ForeignData {
  return isObject(value) ? value as ForeignData : {};
}

function text(value: ForeignValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
