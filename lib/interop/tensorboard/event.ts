import type { Message } from "../wire/protobuf.ts";

/** A value of a summary, as it is stored. */
export interface SummaryValue {
  tag: string;
  /** The old encoding of a scalar. */
  simple: number | undefined;
  /** The plug-in that knows what a tensor means, and what it says itself. */
  plugin: string | undefined;
  pluginContent: Uint8Array | undefined;
  displayName: string | undefined;
  description: string | undefined;
  tensor: Uint8Array | undefined;
  image: Uint8Array | undefined;
  audio: Uint8Array | undefined;
  histogram: Uint8Array | undefined;
}

/** An event of a TensorBoard file. */
export interface TensorBoardEvent {
  /** Seconds since the Unix epoch. */
  wallTime: number;
  step: number;
  values: SummaryValue[];
  fileVersion: string | undefined;
  graph: Uint8Array | undefined;
  metaGraph: Uint8Array | undefined;
  runMetadata: { tag: string; bytes: Uint8Array } | undefined;
  message: { level: number; text: string } | undefined;
  /** The status of a session: 1 start, 2 stop, 3 checkpoint. */
  session: { status: number; checkpoint: string; text: string } | undefined;
  writer: string | undefined;
}

/** Reads an event. Throws `ProtobufError` for a malformed one. */
export function readEvent(message: Message): TensorBoardEvent {
  const event: TensorBoardEvent = {
    wallTime: 0,
    step: 0,
    values: [],
    fileVersion: undefined,
    graph: undefined,
    metaGraph: undefined,
    runMetadata: undefined,
    message: undefined,
    session: undefined,
    writer: undefined,
  };
  while (message.next()) {
    switch (message.field) {
      case 1:
        event.wallTime = message.double();
        break;
      case 2:
        event.step = message.integer();
        break;
      case 3:
        event.fileVersion = message.text();
        break;
      case 4:
        event.graph = message.slice();
        break;
      case 5:
        readSummary(message.message(), event.values);
        break;
      case 6:
        event.message = readMessage(message.message());
        break;
      case 7:
        event.session = readSession(message.message());
        break;
      case 8:
        event.runMetadata = readRunMetadata(message.message());
        break;
      case 9:
        event.metaGraph = message.slice();
        break;
      case 10:
        event.writer = readWriter(message.message());
        break;
    }
  }
  return event;
}

function readSummary(message: Message, values: SummaryValue[]): void {
  while (message.next()) if (message.field === 1) values.push(readValue(message.message()));
}

function readValue(message: Message): SummaryValue {
  const value: SummaryValue = {
    tag: "",
    simple: undefined,
    plugin: undefined,
    pluginContent: undefined,
    displayName: undefined,
    description: undefined,
    tensor: undefined,
    image: undefined,
    audio: undefined,
    histogram: undefined,
  };
  while (message.next()) {
    switch (message.field) {
      case 1:
        value.tag = message.text();
        break;
      case 2:
        value.simple = message.float();
        break;
      case 4:
        value.image = message.slice();
        break;
      case 5:
        value.histogram = message.slice();
        break;
      case 6:
        value.audio = message.slice();
        break;
      case 7:
        if (value.tag === "") value.tag = message.text();
        break;
      case 8:
        value.tensor = message.slice();
        break;
      case 9:
        readMetadata(message.message(), value);
        break;
    }
  }
  return value;
}

function readMetadata(message: Message, value: SummaryValue): void {
  while (message.next()) {
    if (message.field === 2) value.displayName = message.text();
    else if (message.field === 3) value.description = message.text();
    else if (message.field === 1) {
      const plugin = message.message();
      while (plugin.next()) {
        if (plugin.field === 1) value.plugin = plugin.text();
        else if (plugin.field === 2) value.pluginContent = plugin.slice();
      }
    }
  }
}

function readMessage(message: Message): { level: number; text: string } {
  const read = { level: 0, text: "" };
  while (message.next()) {
    if (message.field === 1) read.level = message.integer();
    else if (message.field === 2) read.text = message.text();
  }
  return read;
}

function readSession(message: Message): { status: number; checkpoint: string; text: string } {
  const read = { status: 0, checkpoint: "", text: "" };
  while (message.next()) {
    if (message.field === 1) read.status = message.integer();
    else if (message.field === 2) read.checkpoint = message.text();
    else if (message.field === 3) read.text = message.text();
  }
  return read;
}

function readRunMetadata(message: Message): { tag: string; bytes: Uint8Array } {
  const read = { tag: "", bytes: new Uint8Array() as Uint8Array };
  while (message.next()) {
    if (message.field === 1) read.tag = message.text();
    else if (message.field === 2) read.bytes = message.slice();
  }
  return read;
}

function readWriter(message: Message): string | undefined {
  let writer: string | undefined;
  while (message.next()) if (message.field === 1) writer = message.text();
  return writer;
}
