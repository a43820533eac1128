// Writes tests/vectors/: what FORMAT.md says, in examples that programs in other languages can read. The expected values
// are written by hand in scripts/vectors/; only the answers of whole repositories come from this program, and are reviewed.
import { type VectorFile, vectorText, visible } from "./vectors/vector.ts";
import { repositoryText } from "./vectors/repositories/answers.ts";
import { DAMAGED } from "./vectors/repositories/damaged.ts";
import { WHOLE } from "./vectors/repositories/whole.ts";
import { JSON_LINES } from "./vectors/lines/json.ts";
import { NUMBER_LINES } from "./vectors/lines/numbers.ts";
import { PLAIN_LINES } from "./vectors/lines/plain.ts";
import { TEXT_LINES } from "./vectors/lines/text.ts";
import { PLACED_LINES, VALUE_LINES } from "./vectors/lines/values.ts";
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
import { SEALS } from "./vectors/seals.ts";
import { REFERENCES } from "./vectors/references.ts";
import { ARRIVALS } from "./vectors/arrivals.ts";
import { PRINTED } from "./vectors/printed.ts";
import { REQUESTS } from "./vectors/requests.ts";
import { PORTABLE } from "./vectors/portable.ts";
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
  "seals.json": SEALS,
  "references.json": REFERENCES,
  "arrivals.json": ARRIVALS,
  "printed.json": PRINTED,
  "requests.json": REQUESTS,
  "portable.json": PORTABLE,
  "series.json": SERIES,
};

/** The files of vectors, by their paths below tests/vectors. */
export function vectorFiles(): Map<string, string> {
  return new Map(Object.entries(FILES).map(([name, file]) => [name, vectorText(file)]));
}

/** The files of whole repositories. Their answers come from dbx, and were compared with FORMAT.md by hand and by check.py. */
export async function repositoryFiles(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const repository of [...WHOLE, ...DAMAGED]) {
    texts.set(`repositories/${repository.name}.json`, visible(await repositoryText(repository)));
  }
  return texts;
}

if (import.meta.main) {
  const folder = new URL("../tests/vectors/", import.meta.url);
  await Deno.mkdir(new URL("repositories", folder), { recursive: true });
  for (const [name, text] of [...vectorFiles(), ...await repositoryFiles()]) {
    await Deno.writeTextFile(new URL(name, folder), text);
  }
}
