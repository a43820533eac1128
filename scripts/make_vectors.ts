// Writes tests/vectors/: what FORMAT.md says, in examples that programs in other languages can read. The expected values
// are written by hand in scripts/vectors/; only the answers of whole repositories come from this program, and are reviewed.
import { type VectorFile, vectorText } from "./vectors/vector.ts";
import { JSON_LINES } from "./vectors/lines_json.ts";
import { NUMBER_LINES } from "./vectors/lines_numbers.ts";
import { PLAIN_LINES } from "./vectors/lines_plain.ts";
import { TEXT_LINES } from "./vectors/lines_text.ts";
import { PLACED_LINES, VALUE_LINES } from "./vectors/lines_values.ts";
import { LOGS } from "./vectors/logs.ts";
import { NAMES } from "./vectors/names.ts";
import { PLACES } from "./vectors/places.ts";
import { SERIES } from "./vectors/series.ts";
import { MARKERS } from "./vectors/markers.ts";
import { DEFINITIONS } from "./vectors/definitions.ts";
import { DEFINITIONS_V0 } from "./vectors/definitions_v0.ts";
import { STATUS } from "./vectors/status.ts";
import { NOTES } from "./vectors/notes.ts";
import { IDS } from "./vectors/ids.ts";
import { TIMES } from "./vectors/times.ts";

const LINES: VectorFile = {
  about: "Lines of logs: the event that a reader finds in each, or why there is none.",
  vectors: [...PLAIN_LINES, ...JSON_LINES, ...NUMBER_LINES, ...TEXT_LINES, ...VALUE_LINES, ...PLACED_LINES],
};

const FILES: Readonly<Record<string, VectorFile>> = {
  "lines.json": LINES,
  "logs.json": LOGS,
  "times.json": TIMES,
  "names.json": NAMES,
  "places.json": PLACES,
  "markers.json": MARKERS,
  "definitions.json": DEFINITIONS,
  "definitions-v0.json": DEFINITIONS_V0,
  "status.json": STATUS,
  "notes.json": NOTES,
  "ids.json": IDS,
  "series.json": SERIES,
};

/** Every generated file, by its path below tests/vectors. */
export function vectorFiles(): Map<string, string> {
  return new Map(Object.entries(FILES).map(([name, file]) => [name, vectorText(file)]));
}

if (import.meta.main) {
  const folder = new URL("../tests/vectors/", import.meta.url);
  for (const [name, text] of vectorFiles()) await Deno.writeTextFile(new URL(name, folder), text);
}
