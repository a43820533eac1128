import type { EventRecord, ForeignContent, ForeignData, ForeignFile, ForeignValue } from "../foreign.ts";
import { CONFIG_EVENT, METRICS_EVENT } from "../foreign.ts";
import { described, float, floatText } from "../values.ts";
import { Message } from "../wire/protobuf.ts";
import type { SummaryValue } from "./event.ts";
import { readHparams } from "./hparams.ts";
import { readTensor, type Tensor } from "./tensor.ts";

/** Where summaries of a file go. */
export interface SummaryPlace {
  readonly run: string;
  readonly log: string;
  /** The plug-ins of the tags that were met: only the first value of a tag need say it. */
  readonly plugins: Map<string, string>;
}

/** Tensors of more values are kept as files. */
const MAX_LISTED = 65536;

/** Readers make no series of the numbers in an object that has this key. */
const KIND = "_dbx";

const decoder = new TextDecoder();

/** The event of a scalar; the most common case by far. */
export function scalarRecord(place: SummaryPlace, tag: string, step: number, ts: number, value: number): EventRecord {
  const { run, log } = place;
  const key = tag === "event" || tag === "ts" || tag === "step" ? `_${tag}` : tag;
  return {
    type: "event",
    run,
    log,
    name: METRICS_EVENT,
    ts,
    body: `{"step":${step},${quoted(key)}:${floatText(value)}}`,
  };
}

/** The events of a value that is not a scalar of the old encoding. Throws `ProtobufError` or `RangeError` for a malformed one. */
export function summaryRecord(
  place: SummaryPlace,
  value: SummaryValue,
  step: number,
  ts: number,
): EventRecord | undefined {
  const { tag, simple, image, audio, histogram, tensor } = value;
  if (simple !== undefined) return scalarRecord(place, tag, step, ts, simple);
  if (value.plugin !== undefined) place.plugins.set(tag, value.plugin);
  const plugin = place.plugins.get(tag);
  const record = (data: ForeignData, files?: Record<string, ForeignFile>, name = tag): EventRecord => {
    const about = aboutOf(value);
    return { type: "event", run: place.run, log: place.log, name, ts, data: { step, ...data, ...about }, files };
  };
  if (plugin === "hparams") {
    const content = value.pluginContent === undefined ? undefined : readHparams(value.pluginContent);
    if (content?.kind === "start") {
      return record({ config: described("config", content.params) }, undefined, CONFIG_EVENT);
    }
    if (content?.kind === "end") return record({ status: content.status }, undefined, "hparams");
    return undefined;
  }
  if (histogram !== undefined) return record({ histogram: readHistogram(histogram) });
  if (image !== undefined) {
    const { bytes, info } = readImage(image);
    return record({ info }, { image: fileOf(tag, step, bytes, 0) });
  }
  if (audio !== undefined) {
    const { bytes, info } = readAudio(audio);
    return record({ info }, { audio: fileOf(tag, step, bytes, 0) });
  }
  if (tensor === undefined) return undefined;
  return tensorRecord(place, value, plugin, readTensor(tensor), { step, ts, record });
}

function tensorRecord(
  place: SummaryPlace,
  { tag, tensor }: SummaryValue,
  plugin: string | undefined,
  read: Tensor,
  { step, ts, record }: {
    readonly step: number;
    readonly ts: number;
    readonly record: (data: ForeignData, files?: Record<string, ForeignFile>) => EventRecord;
  },
): EventRecord {
  const { texts, numbers, single, type, shape } = read;
  if (single !== undefined && shape.length === 0) {
    if (type.startsWith("float") || type === "bfloat16") return scalarRecord(place, tag, step, ts, single);
    return { ...record({ [tag]: numbers![0] }), name: METRICS_EVENT };
  }
  if (texts !== undefined && (plugin === "images" || plugin === "audio")) {
    return mediaRecord(tag, step, plugin, read, record);
  }
  if (texts !== undefined) {
    const words = texts.map((text) => decoder.decode(text));
    return record({ text: shape.length === 0 ? words[0] ?? "" : nested(words, shape) });
  }
  if (plugin === "histograms" && shape.length === 2 && shape[1] === 3) {
    return record({ histogram: histogramOf(numbers!) });
  }
  const about = { [KIND]: "tensor", type, shape, ...(plugin === undefined ? {} : { plugin }) };
  if (numbers!.length > MAX_LISTED) {
    return record({ about }, { tensor: { name: `${tag}/step-${step}.tensor.pb`, content: { bytes: tensor! } } });
  }
  return record({ tensor: { ...about, values: nested(numbers!, shape) } });
}

/** Images and sounds of the new encoding: texts of bytes, of images behind their width and height. */
function mediaRecord(
  tag: string,
  step: number,
  plugin: "images" | "audio",
  { texts, shape }: Tensor,
  record: (data: ForeignData, files?: Record<string, ForeignFile>) => EventRecord,
): EventRecord {
  const files: Record<string, ForeignFile> = {};
  if (plugin === "images") {
    const [width, height, ...images] = texts!;
    images.forEach((bytes, at) => files[at === 0 ? "image" : `image${at}`] = fileOf(tag, step, bytes, at));
    return record({ info: { [KIND]: "image", width: numberIn(width), height: numberIn(height) } }, files);
  }
  // Of each sound its bytes and a label, which older writers left out.
  const each = shape.length === 2 ? shape[1] : 1;
  const labels: string[] = [];
  for (let at = 0; at * each < texts!.length; at++) {
    files[at === 0 ? "audio" : `audio${at}`] = fileOf(tag, step, texts![at * each], at);
    if (each > 1) labels.push(decoder.decode(texts![at * each + 1]));
  }
  return record({ info: { [KIND]: "audio", labels } }, files);
}

function aboutOf({ displayName, description }: SummaryValue): ForeignData {
  return {
    ...(displayName ? { displayName } : {}),
    ...(description ? { description } : {}),
  };
}

/** A histogram of the new encoding: of each bucket its limits below and above, and its count. Each begins where one ends. */
function histogramOf(buckets: readonly ForeignValue[]): ForeignValue {
  const edges: ForeignValue[] = [buckets[0] ?? 0];
  const counts: ForeignValue[] = [];
  for (let at = 0; at < buckets.length; at += 3) {
    edges.push(buckets[at + 1]);
    counts.push(buckets[at + 2]);
  }
  return { [KIND]: "histogram", counts, edges };
}

function readHistogram(bytes: Uint8Array): ForeignValue {
  const message = new Message(bytes);
  let least = Infinity;
  const limits: number[] = [];
  const counts: number[] = [];
  while (message.next()) {
    if (message.field === 1) least = message.double();
    else if (message.field === 6) message.addTo(limits, "double");
    else if (message.field === 7) message.addTo(counts, "double");
  }
  // Each bucket has the limit above it; the one below the first is the least value.
  const edges = [Math.min(least, limits[0] ?? 0), ...limits];
  return { [KIND]: "histogram", counts: counts.map(float), edges: edges.map(float) };
}

function readImage(bytes: Uint8Array): { bytes: Uint8Array; info: ForeignValue } {
  const message = new Message(bytes);
  const info: Record<string, ForeignValue> = { [KIND]: "image" };
  let encoded: Uint8Array = new Uint8Array();
  while (message.next()) {
    if (message.field === 1) info.height = message.integer();
    else if (message.field === 2) info.width = message.integer();
    else if (message.field === 3) info.colourSpace = message.integer();
    else if (message.field === 4) encoded = message.slice();
  }
  return { bytes: encoded, info };
}

function readAudio(bytes: Uint8Array): { bytes: Uint8Array; info: ForeignValue } {
  const message = new Message(bytes);
  const info: Record<string, ForeignValue> = { [KIND]: "audio" };
  let encoded: Uint8Array = new Uint8Array();
  while (message.next()) {
    if (message.field === 1) info.sampleRate = float(message.float());
    else if (message.field === 2) info.channels = message.integer();
    else if (message.field === 3) info.frames = message.integer();
    else if (message.field === 4) encoded = message.slice();
    else if (message.field === 5) info.contentType = message.text();
  }
  return { bytes: encoded, info };
}

/** A file of one step. Its bytes are copied, since those of the record are not held. */
function fileOf(tag: string, step: number, bytes: Uint8Array, at: number): ForeignFile {
  const content: ForeignContent = { bytes: bytes.slice() };
  return { name: `${tag}/step-${step}${at === 0 ? "" : `-${at}`}.${extensionOf(bytes)}`, content };
}

function extensionOf(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head.endsWith("PNG")) return "png";
  if (head.startsWith("\xff\xd8")) return "jpg";
  if (head === "GIF8") return "gif";
  if (head === "RIFF") return "wav";
  return "bin";
}

function numberIn(text: Uint8Array | undefined): number {
  return Number(text === undefined ? 0 : decoder.decode(text)) || 0;
}

/** Values in the lists of lists that a shape says. */
function nested(values: readonly ForeignValue[], shape: readonly number[]): ForeignValue {
  if (shape.length <= 1 || shape.length > 32) return values;
  const [first, ...rest] = shape;
  const size = rest.reduce((product, length) => product * length, 1);
  if (size === 0 || first * size !== values.length) return values;
  return Array.from({ length: first }, (_, at) => nested(values.slice(at * size, (at + 1) * size), rest));
}

const names = new Map<string, string>();

function quoted(tag: string): string {
  const known = names.get(tag);
  if (known !== undefined) return known;
  if (names.size > 4096) names.clear();
  const text = JSON.stringify(tag.toWellFormed());
  names.set(tag, text);
  return text;
}
