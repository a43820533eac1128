import { isObject } from "../../base/json.ts";
import { readPieces, readSmallFile, type SourceEntry } from "../files/source_files.ts";
import type { ForeignData, ForeignValue, RunRecord } from "../foreign.ts";
import { parseForeignObject, setNested } from "../values.ts";
import { GrowingBytes } from "../wire/growing_bytes.ts";
import { Message } from "../wire/protobuf.ts";
import { type Item, readItem, valueOf } from "./items.ts";
import { FILE_HEADER, nextRecord } from "./records.ts";

/** Bytes at the start of a file in which the settings of a run are looked for. */
const HEAD = 8 * 1024 * 1024;

/** What the head of a file says of its run. */
export interface RunHead {
  readonly record: RunRecord;
  /** Whether it is known to be all: values were logged, or the run ended. */
  readonly isComplete: boolean;
}

/** The records up to the first logged values, as they are read. */
interface Head {
  id: string;
  entity: string;
  project: string;
  group: string;
  jobType: string;
  displayName: string;
  notes: string;
  tags: string[];
  sweep: string;
  host: string;
  startedAt: bigint | undefined;
  isResumed: boolean;
  git: { remote?: string; commit?: string } | undefined;
  environment: Record<string, ForeignValue> | undefined;
  config: Record<string, ForeignValue>;
  found: boolean;
  isComplete: boolean;
}

/**
 * What is known of a run before its first values: its record, and the settings that were made until then. Undefined where the
 * file does not say which run it is yet.
 */
export async function readHead(file: SourceEntry, folder: string, signal?: AbortSignal): Promise<RunHead | undefined> {
  const head: Head = {
    id: "",
    entity: "",
    project: "",
    group: "",
    jobType: "",
    displayName: "",
    notes: "",
    tags: [],
    sweep: "",
    host: "",
    startedAt: undefined,
    isResumed: false,
    git: undefined,
    environment: undefined,
    config: {},
    found: false,
    isComplete: false,
  };
  const bytes = new GrowingBytes(readPieces(file.path, FILE_HEADER, { pieceSize: 64 * 1024, signal }), FILE_HEADER);
  try {
    while (!head.isComplete && bytes.offset < HEAD) {
      const found = await nextRecord(bytes);
      if (found.kind === "end") break;
      if (found.kind === "record") takeRecord(found.bytes, head);
    }
    if (bytes.offset >= HEAD) head.isComplete = true;
  } finally {
    await bytes.close();
  }
  if (!head.found) return undefined;
  return { record: await runRecord(head, folder), isComplete: head.isComplete };
}

/** What is damaged is reported where the file is read. */
function takeRecord(bytes: Uint8Array, head: Head): void {
  try {
    const message = new Message(bytes);
    while (message.next()) {
      if (message.field === 2 || message.field === 18) head.isComplete = true;
      else if (message.field === 5) takeConfig(message.message(), head.config);
      else if (message.field === 17) takeRun(message.message(), head);
      else if (message.field === 26) takeEnvironment(message.message(), head.environment ??= {});
    }
  } catch {
    // Not a record.
  }
}

/** Makes the changes of a config record. */
export function takeConfig(message: Message, config: Record<string, ForeignValue>): void {
  while (message.next()) {
    if (message.field === 1) set(config, readItem(message.message()));
    else if (message.field === 2) delete config[readItem(message.message()).keys[0]];
  }
}

function set(config: Record<string, ForeignValue>, { keys, json }: Item): void {
  // What W&B notes for itself.
  if (keys[0] !== "_wandb") setNested(config, keys, valueOf(json));
}

function takeRun(message: Message, head: Head): void {
  head.found = true;
  while (message.next()) {
    switch (message.field) {
      case 1:
        head.id = message.text();
        break;
      case 2:
        head.entity = message.text();
        break;
      case 3:
        head.project = message.text();
        break;
      case 4:
        takeConfig(message.message(), head.config);
        break;
      case 6:
        head.group = message.text();
        break;
      case 7:
        head.jobType = message.text();
        break;
      case 8:
        head.displayName = message.text();
        break;
      case 9:
        head.notes = message.text();
        break;
      case 10:
        head.tags.push(message.text());
        break;
      case 12:
        head.sweep = message.text();
        break;
      case 13:
        head.host = message.text();
        break;
      case 17:
        head.startedAt ??= nanosecondsOf(message.message());
        break;
      case 18:
      case 24:
        head.isResumed ||= message.boolean();
        break;
      case 21:
        head.git = readGit(message.message());
        break;
    }
  }
}

/** A `google.protobuf.Timestamp` in nanoseconds. */
export function nanosecondsOf(message: Message): bigint {
  let time = 0n;
  while (message.next()) {
    if (message.field === 1) time += message.bigint() * 1_000_000_000n;
    else if (message.field === 2) time += message.bigint();
  }
  return time;
}

function readGit(message: Message): { remote?: string; commit?: string } {
  const git: { remote?: string; commit?: string } = {};
  while (message.next()) {
    if (message.field === 1) git.remote = message.text();
    else if (message.field === 2) git.commit = message.text();
  }
  return git;
}

/** Texts of an environment record, by their fields. */
const TEXTS: Readonly<Record<number, string>> = {
  1: "os",
  2: "python",
  4: "docker",
  6: "program",
  7: "codePath",
  11: "root",
  12: "host",
  13: "username",
  14: "executable",
  15: "colab",
  18: "gpu",
  25: "cuda",
};
const NUMBERS: Readonly<Record<number, string>> = { 16: "cpuCount", 17: "cpuCountLogical", 19: "gpuCount" };

function takeEnvironment(message: Message, environment: Record<string, ForeignValue>): void {
  while (message.next()) {
    const { field } = message;
    if (TEXTS[field] !== undefined) environment[TEXTS[field]] = message.text();
    else if (NUMBERS[field] !== undefined) environment[NUMBERS[field]] = message.integer();
    else if (field === 5) (environment.args ??= [] as string[], environment.args as string[]).push(message.text());
    else if (field === 9) environment.git = { ...readGit(message.message()) };
    else if (field === 21) {
      const memory = message.message();
      while (memory.next()) if (memory.field === 1) environment.memory = Number(memory.unsigned());
    } else if (field === 22) {
      const cpu = message.message();
      while (cpu.next()) if (cpu.field === 3) environment.cpu = cpu.text();
    }
  }
}

async function runRecord(head: Head, folder: string): Promise<RunRecord> {
  // Versions before 0.19 wrote what surrounds a run to a file instead.
  const environment = head.environment ?? await metadataIn(folder);
  const { program, executable, root, args, host, git = head.git, ...more } = environment as {
    readonly [key: string]: ForeignValue;
  } & { readonly args?: ForeignValue; readonly git?: ForeignValue };
  const { remote, commit } = isObject(git) ? git as { remote?: string; commit?: string } : {};
  const run = head.project === "" ? head.id : `${head.project}/${head.displayName || head.id}`;
  const startedAt = head.startedAt ?? 0n;
  const texts = Array.isArray(args) ? args.map(String) : [];
  const extra: Record<string, ForeignValue> = {};
  for (const [key, value] of Object.entries({ entity: head.entity, group: head.group, sweep: head.sweep })) {
    if (value !== "") extra[key] = value;
  }
  return {
    type: "run",
    key: `${head.entity}/${head.project}/${head.id}/${startedAt}`,
    experiment: `${head.entity}/${head.project}/${head.id}`,
    kind: head.jobType || head.project || "wandb",
    name: run,
    params: head.config as ForeignData,
    createdAt: Number(startedAt / 1_000_000n),
    extra: { ...extra, wandb: head.id },
    runExtra: Object.keys(more).length === 0 ? {} : { environment: more },
    cmd: typeof program === "string"
      ? [typeof executable === "string" ? executable : "python", program, ...texts]
      : undefined,
    pwd: typeof root === "string" ? root : undefined,
    script: typeof program === "string" ? program : undefined,
    hostname: head.host || (typeof host === "string" ? host : undefined),
    git: commit === undefined && remote === undefined ? undefined : { commit, remote },
    tags: head.tags,
    notes: head.notes === "" ? [] : [head.notes],
    recordsEnd: true,
  };
}

async function metadataIn(folder: string): Promise<Record<string, ForeignValue>> {
  const bytes = await readSmallFile(`${folder}/files/wandb-metadata.json`);
  const found = bytes === undefined ? undefined : parseForeignObject(new TextDecoder().decode(bytes));
  return { ...found };
}
