import { createHash } from "node:crypto";
import { derivedId } from "../../format/layout/derived_id.ts";
import { isId } from "../../base/ids.ts";
import { MAX_EVENT_NAME_LENGTH } from "../../format/events/event_name.ts";
import { MAX_DEPTH, MAX_EXPERIMENT_NAME, MAX_SEGMENT, RESERVED_SEGMENTS } from "../../format/layout/names.ts";

/** The ids of what is imported: the same wherever it is. */
export function experimentId(kind: string, key: string): string {
  return derivedId(`dbx import experiment\n${kind}\n${key}`);
}
export function runId(kind: string, key: string): string {
  return derivedId(`dbx import run\n${kind}\n${key}`);
}

/** A name that another tool allows as the nearest one that experiments may have. */
export function experimentName(name: string): string {
  const segments = name.toWellFormed().split(/[/\\]+/).map(segmentOf).filter((segment) => segment !== "");
  const joined = segments.length > MAX_DEPTH
    ? [...segments.slice(0, MAX_DEPTH - 1), segments.slice(MAX_DEPTH - 1).join("-")].map(segmentOf)
    : segments;
  while (sizeOf(joined.join("/")) > MAX_EXPERIMENT_NAME) joined.pop();
  return joined.join("/");
}

/** A name as the nearest one that logs may have; two that differ stay different. */
export function logName(name: string): string {
  const plain = name.replace(/[^a-zA-Z0-9_.-]/g, "_").replace(/^[.-]/, "_");
  if (plain === name && name.length <= 100 && name !== "") return name;
  return `${plain.slice(0, 80)}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

/** A name as the nearest one that events may have. */
export function eventName(name: string): string {
  const plain = withoutControls(name.toWellFormed()).slice(0, MAX_EVENT_NAME_LENGTH - 1);
  if (plain === "") return "unnamed";
  return plain.startsWith("dbx/") ? `_${plain}` : plain;
}

/** A name as one that files of runs may have. */
export function fileName(name: string): string {
  return withoutControls(name.toWellFormed()).slice(0, 1024) || "unnamed";
}

function segmentOf(segment: string): string {
  let text = withoutControls(segment).replace(/^\./, "_").replace(/^([a-zA-Z]):/, "$1_");
  while (sizeOf(text) > MAX_SEGMENT - 1) text = [...text].slice(0, -1).join("");
  text = text.replace(/[. ]+$/, "");
  return isId(text) || RESERVED_SEGMENTS.includes(text) ? `${text}_` : text;
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function withoutControls(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, "�");
}
