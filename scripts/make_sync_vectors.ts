// Writes the test vectors of synchronisation: `tests/vectors/sync/`. Each time they are the same, but that another version
// of DEFLATE may pack frames in another way. Run it when the protocol changes, and read what changed.
//
// deno run -A scripts/make_sync_vectors.ts
import { FOLDER, lists, PLANS, scenarioFile, scenarioText } from "./sync_vectors/all.ts";

const files = await lists();
for (const plan of PLANS) files.set(scenarioFile(plan), await scenarioText(plan));
await Deno.mkdir(`${FOLDER}scenarios`, { recursive: true });
for (const [name, text] of files) await Deno.writeTextFile(FOLDER + name, text);
for (const { name } of Deno.readDirSync(`${FOLDER}scenarios`)) {
  if (!files.has(`scenarios/${name}`)) await Deno.remove(`${FOLDER}scenarios/${name}`);
}
console.log(`${files.size} files in ${FOLDER}`);
