import type { EndRecord, EventRecord, ForeignRecord, ForeignValue } from "../foreign.ts";
import { CONFIG_EVENT, SUMMARY_EVENT, SYSTEM_LOG } from "../foreign.ts";
import { described } from "../values.ts";
import { Message } from "../wire/protobuf.ts";
import { artifactOf, metricOf } from "./artifacts.ts";
import { readHistory } from "./history.ts";
import { type Item, objectOf, readItem, valueOf } from "./items.ts";
import { OutputLines } from "./output.ts";
import { nanosecondsOf, takeConfig } from "./run_head.ts";

/** What is known of a run between two records. */
export interface RunRecordsState {
  /** The key of the run. */
  readonly run: string;
  readonly startedAt: number;
  /** The greatest time that was met. */
  readonly lastTime: number;
  /** `head`: no values yet, so that settings are those of the definition. */
  readonly seen: "head" | "values" | "end";
  /** The summary by keys, as JSON. */
  readonly summary: Readonly<Record<string, string>>;
  /** Printed text without an end of line, by stream. */
  readonly rest: Readonly<Record<string, string>>;
}

const MEDIA = "media/";

/** Turns the records of a W&B run into those of an import. */
export class RunRecords {
  readonly #run: string;
  readonly #startedAt: number;
  readonly #summary: Map<string, string>;
  readonly #output: OutputLines;
  #seen: RunRecordsState["seen"];
  lastTime: number;
  /** Set by the record that says how the run ended. */
  exit: EndRecord | undefined;

  constructor(state: RunRecordsState, readonly folder: string) {
    this.#run = state.run;
    this.#startedAt = state.startedAt;
    this.#seen = state.seen;
    this.lastTime = state.lastTime;
    this.#summary = new Map(Object.entries(state.summary));
    this.#output = new OutputLines(state.run, state.rest);
  }

  get hasEnded(): boolean {
    return this.#seen === "end";
  }

  state(): RunRecordsState {
    return {
      run: this.#run,
      startedAt: this.#startedAt,
      lastTime: this.lastTime,
      seen: this.#seen,
      summary: Object.fromEntries(this.#summary),
      rest: this.#output.rest,
    };
  }

  /** Reads a record. Throws `ProtobufError` for a malformed one. */
  *take(bytes: Uint8Array): Generator<ForeignRecord, void> {
    const message = new Message(bytes);
    while (message.next()) {
      switch (message.field) {
        case 2:
          this.#seen = this.#seen === "end" ? "end" : "values";
          yield this.#history(message.message());
          break;
        case 3:
          yield* this.#summarise(message.message());
          break;
        case 4:
        case 13:
          yield* this.#printed(message.message());
          break;
        case 5:
          yield* this.#config(message.message());
          break;
        case 6:
          yield* this.#files(message.message());
          break;
        case 7:
          yield this.#statistics(message.message());
          break;
        case 8:
          yield this.#event("artifact", { artifact: described("artifact", artifactOf(message.message())) });
          break;
        case 9:
          yield this.#event("tensorboard", textsOf(message.message(), { 1: "folder", 3: "root", 5: "savePath" }));
          break;
        case 10:
          yield this.#event("alert", textsOf(message.message(), { 1: "title", 2: "text", 3: "level" }));
          break;
        case 12:
          yield this.#event("metric", { metric: described("metric", metricOf(message.message())) });
          break;
        case 18:
          this.#exit(message.message());
          break;
        case 23:
          yield this.#event("preempting", {});
          break;
        case 25:
          yield this.#event("use_artifact", textsOf(message.message(), { 1: "id", 2: "artifactType", 3: "name" }));
          break;
        case 27:
          yield* this.#logged(message.message());
          break;
      }
    }
  }

  /** What comes before the end: printed text without an end of line, and the summary. */
  *end(): Generator<EventRecord, void> {
    yield* this.#output.end(this.lastTime);
    if (this.#summary.size === 0) return;
    const items: Item[] = [];
    for (const [key, json] of this.#summary) {
      items.push({ keys: JSON.parse(key) as string[], isPlainKey: false, json });
    }
    yield this.#event(SUMMARY_EVENT, { summary: described("summary", objectOf(items)) });
  }

  #event(name: string, data: Readonly<Record<string, ForeignValue>>): EventRecord {
    return { type: "event", run: this.#run, log: "log", name, ts: this.lastTime, data };
  }

  #history(message: Message): EventRecord {
    const record = readHistory(message, this.#run, this.lastTime);
    this.#at(record.ts);
    return record;
  }

  *#summarise(message: Message): Generator<EventRecord, void> {
    const own: Item[] = [];
    while (message.next()) {
      if (message.field > 2) continue;
      const item = readItem(message.message());
      if (item.keys[0] === "_wandb") continue;
      const key = JSON.stringify(item.keys);
      if (message.field === 2) this.#summary.delete(key);
      else {
        this.#summary.set(key, item.json);
        // The others follow from the values that were logged.
        if (item.isPlainKey && !item.keys[0].startsWith("_")) own.push(item);
      }
    }
    if (own.length > 0) yield this.#event(SUMMARY_EVENT, { summary: described("summary", objectOf(own)) });
  }

  *#config(message: Message): Generator<EventRecord, void> {
    if (this.#seen === "head") return;
    const changed: Record<string, ForeignValue> = {};
    takeConfig(message, changed);
    if (Object.keys(changed).length > 0) yield this.#event(CONFIG_EVENT, { config: described("config", changed) });
  }

  *#printed(message: Message): Generator<EventRecord, void> {
    // Protobuf leaves out a zero, which stands for stderr.
    let stream: "stdout" | "stderr" = "stderr";
    let text = "";
    let ts = this.lastTime;
    while (message.next()) {
      if (message.field === 1) stream = message.integer() === 1 ? "stdout" : "stderr";
      else if (message.field === 2) ts = millisecondsOf(message.message());
      else if (message.field === 3) text = message.text();
    }
    this.#at(ts);
    yield* this.#output.add(stream, text, ts);
  }

  *#logged(message: Message): Generator<EventRecord, void> {
    let text = "";
    while (message.next()) if (message.field === 1) text = message.text();
    yield* this.#output.add("stdout", text.endsWith("\n") ? text : `${text}\n`, this.lastTime);
  }

  *#files(message: Message): Generator<ForeignRecord, void> {
    while (message.next()) {
      if (message.field !== 1) continue;
      const file = message.message();
      let path = "";
      while (file.next()) if (file.field === 1) path = file.text();
      // Others may still change, and are kept when the run has ended.
      if (!path.startsWith(MEDIA) || path.split("/").includes("..")) continue;
      const content = { path: `${this.folder}/files/${path}` };
      yield { type: "file", run: this.#run, log: "files", name: path, ts: this.lastTime, content };
    }
  }

  #statistics(message: Message): EventRecord {
    const data: Record<string, ForeignValue> = {};
    let ts = this.lastTime;
    while (message.next()) {
      if (message.field === 2) ts = millisecondsOf(message.message());
      else if (message.field === 3) {
        const { keys, json } = readItem(message.message());
        data[keys[0]] = valueOf(json);
      }
    }
    this.#at(ts);
    return { type: "event", run: this.#run, log: SYSTEM_LOG, name: "system", ts, data };
  }

  #exit(message: Message): void {
    let exitCode = 0;
    let runtime = 0;
    while (message.next()) {
      if (message.field === 1) exitCode = message.integer() | 0;
      else if (message.field === 2) runtime = message.integer();
    }
    this.#at(this.#startedAt + runtime * 1000);
    const status = exitCode === 0 ? "finished" : exitCode === 255 || exitCode === 130 ? "killed" : "failed";
    this.exit = { type: "end", run: this.#run, status, exitCode, ts: this.lastTime };
    this.#seen = "end";
  }

  #at(ts: number | undefined): void {
    if (ts !== undefined && ts > this.lastTime) this.lastTime = ts;
  }
}

function millisecondsOf(message: Message): number {
  return Number(nanosecondsOf(message) / 1_000_000n);
}

function textsOf(message: Message, names: Readonly<Record<number, string>>): Record<string, ForeignValue> {
  const texts: Record<string, ForeignValue> = {};
  while (message.next()) if (names[message.field] !== undefined) texts[names[message.field]] = message.text();
  return texts;
}
