import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { whole } from "./frames.ts";
import { toDigits } from "./pieces.ts";
import { server } from "./scenario.ts";
import { readState, writeState } from "./state.ts";
import { TAKE_CASES, type TakeCase } from "./take_cases.ts";

/** What a server does with a body of `sync/take`, by what is there. */
export async function takeVectors(): Promise<VectorFile> {
  const vectors: Vector[] = [];
  for (const one of TAKE_CASES) vectors.push(await vector(one));
  return { about: "Bodies of sync/take, what the server held before and holds after, and what it says.", vectors };
}

async function vector([title, before, ...frames]: TakeCase): Promise<Vector> {
  const [, id, spec] = /^(.*?)(?: \[(S\d+)\])?$/.exec(title)!;
  const folder = await Deno.makeTempDir();
  try {
    await writeState(`${folder}/server`, before);
    const url = "http://server/api/v1/sync/take";
    const body = whole(...frames);
    const headers = { [PROTOCOL_HEADER]: PROTOCOL };
    const response = await server(`${folder}/server`)(new Request(url, { method: "POST", body, headers }));
    const { taken, setbacks } = await response.json();
    const after = await readState(`${folder}/server`);
    const told = setbacks.map(({ message: _, ...setback }: Record<string, unknown>) => setback);
    return { id, ...(spec !== undefined && { spec }), before, body: toDigits(body), taken, setbacks: told, after };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
