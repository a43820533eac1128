import { setOwn } from "../../base/json.ts";
import type { ForeignValue } from "../foreign.ts";
import { parseForeignObject } from "../values.ts";
import type { Message } from "../wire/protobuf.ts";
import { valueOf } from "./items.ts";

type Data = Record<string, ForeignValue>;

/** What a record says of an artifact, with a list of its files. Where they were on that machine is left out. */
export function artifactOf(message: Message): Data {
  const artifact: Data = {};
  const aliases: string[] = [];
  const tags: string[] = [];
  const names: Readonly<Record<number, string>> = {
    4: "type",
    5: "name",
    6: "digest",
    7: "description",
    20: "digestAlgorithm",
  };
  while (message.next()) {
    const { field } = message;
    if (names[field] !== undefined) artifact[names[field]] = message.text();
    else if (field === 8) artifact.metadata = { ...parseForeignObject(message.text()) };
    else if (field === 11) aliases.push(message.text());
    else if (field === 19) tags.push(message.text());
    else if (field === 12) artifact.files = filesOf(message.message());
  }
  if (aliases.length > 0) artifact.aliases = aliases;
  if (tags.length > 0) artifact.tags = tags;
  return artifact;
}

function filesOf(message: Message): Data[] {
  const files: Data[] = [];
  while (message.next()) if (message.field === 4) files.push(fileOf(message.message()));
  return files;
}

function fileOf(message: Message): Data {
  const file: Data = {};
  const names: Readonly<Record<number, string>> = { 1: "path", 2: "digest", 3: "reference", 5: "mimetype" };
  while (message.next()) {
    const { field } = message;
    if (names[field] !== undefined) file[names[field]] = message.text();
    else if (field === 4) file.size = message.integer();
    else if (field === 16) {
      const [key, json] = pairOf(message.message());
      const extra = (file.extra ??= {}) as Data;
      setOwn(extra, key, valueOf(json));
    }
  }
  return file;
}

function pairOf(message: Message): [key: string, json: string] {
  let key = "";
  let json = "null";
  while (message.next()) {
    if (message.field === 1) key = message.text();
    else if (message.field === 2) json = message.text();
  }
  return [key, json];
}

const SUMMARIES = ["", "min", "max", "mean", "best", "last", "none", "copy", "first"];

/** What `define_metric` said of a metric. */
export function metricOf(message: Message): Data {
  const metric: Data = {};
  while (message.next()) {
    const { field } = message;
    if (field === 1) metric.name = message.text();
    else if (field === 2) metric.glob = message.text();
    else if (field === 4) metric.stepMetric = message.text();
    else if (field === 8) metric.goal = ["none", "minimize", "maximize"][message.integer()] ?? "none";
    else if (field === 6) {
      const options = message.message();
      while (options.next()) if (options.field === 2) metric.hidden = options.boolean();
    } else if (field === 7) {
      const summary = message.message();
      const wanted: string[] = [];
      while (summary.next()) {
        if (SUMMARIES[summary.field] !== undefined && summary.boolean()) wanted.push(SUMMARIES[summary.field]);
      }
      metric.summary = wanted;
    }
  }
  return metric;
}
