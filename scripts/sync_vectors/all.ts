import { checkVectors } from "./checks.ts";
import { digestVectors } from "./digests.ts";
import { validFrames } from "./frames.ts";
import { inventoryVectors } from "./inventories.ts";
import { type VectorFile, vectorText, visible } from "../vectors/vector.ts";
import { nameVectors } from "./names.ts";
import { pipeVectors } from "./pipe.ts";
import { PLANS } from "./plans/all.ts";
import { proofVectors } from "./proofs.ts";
import { requestVectors } from "./requests.ts";
import { takeVectors } from "./takes.ts";
import { type Plan, record } from "./scenario.ts";
import { wrongFrames } from "./wrong_frames.ts";

/** Where the vectors are. */
export const FOLDER = decodeURIComponent(new URL("../../tests/vectors/sync/", import.meta.url).pathname);

/** The lists of vectors, by the names of their files. */
export async function lists(): Promise<Map<string, string>> {
  const all: Record<string, VectorFile> = {
    "checks.json": checkVectors(),
    "digests.json": digestVectors(),
    "frames.json": await validFrames(),
    "inventories.json": inventoryVectors(),
    "names.json": nameVectors(),
    "pipe.json": await pipeVectors(),
    "proofs.json": await proofVectors(),
    "requests.json": await requestVectors(),
    "takes.json": await takeVectors(),
    "wrong_frames.json": wrongFrames(),
  };
  return new Map(Object.entries(all).map(([name, list]) => [name, vectorText(list)]));
}

/** The name of the file of a synchronisation. */
export function scenarioFile({ name }: Plan): string {
  return `scenarios/${name}.json`;
}

/** A synchronisation as it stands in its file. */
export async function scenarioText(plan: Plan): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    return visible(JSON.stringify(await record(plan, folder), null, 2)) + "\n";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The plans, in the order in which they are to be read. */
export { PLANS };
