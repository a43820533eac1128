import type { Batch } from "../../vectors/vector.ts";
import { topPlaces } from "./top_entities.ts";
import { slicesOf } from "../slices.ts";
import type { Place } from "./entities.ts";
import type { Scan } from "../scan.ts";

/** The rows of `experiments`, `runs` or `logs`. */
export async function* scanPlaces(scan: Scan, place: Place): AsyncGenerator<Batch> {
  const rows = await topPlaces(scan, place, await scan.choose(place));
  const count = rows?.length ?? scan.places.count(place);
  const columns = await Promise.all(scan.columns.map((column) => scan.placeVector(column, place, rows)));
  yield* slicesOf({ count, columns }, scan);
}
