import type { Batch } from "../../vectors/vector.ts";
import { topEntities } from "./top_entities.ts";
import { slicesOf } from "../slices.ts";
import type { EntityTable } from "./entities.ts";
import type { Scan } from "../scan.ts";

/** The rows of `experiments`, `runs` or `logs`. */
export async function* scanEntities(scan: Scan, place: EntityTable): AsyncGenerator<Batch> {
  const rows = await topEntities(scan, place, await scan.choose(place));
  const count = rows?.length ?? scan.places.count(place);
  const columns = await Promise.all(scan.columns.map((column) => scan.placeVector(column, place, rows)));
  yield* slicesOf({ count, columns }, scan);
}
