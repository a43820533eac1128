import {
  experimentOfFolder,
  experimentOfNotes,
  isDefinition,
  isNotesFile,
  isRunFolder,
} from "../../../lib/format/layout/name_tests.ts";
import {
  definitionFile,
  logFile,
  notesFile,
  notesFolder,
  runFolder,
  runsFolder,
} from "../../../lib/format/layout/names.ts";
import { assertEquals } from "../../assert.ts";

const EXPERIMENT = "runs of notes/0000000000exp";
const RUN = `${EXPERIMENT}/runs/0000000000run`;

Deno.test({ name: "layout: names that are made of a folder lead back to it", permissions: "none" }, () => {
  assertEquals(runFolder(EXPERIMENT, "0000000000run"), RUN);
  assertEquals(runsFolder(EXPERIMENT), `${EXPERIMENT}/runs`);
  assertEquals([RUN, EXPERIMENT, runsFolder(EXPERIMENT)].map(isRunFolder), [true, false, false]);
  assertEquals([RUN, EXPERIMENT].map(experimentOfFolder), [EXPERIMENT, EXPERIMENT]);

  const notes = notesFile(EXPERIMENT, "0000000000cpy");
  assertEquals(notes, `${notesFolder(EXPERIMENT)}/0000000000cpy.log.jsonl`);
  const others = [definitionFile(EXPERIMENT), logFile(RUN, "log"), "dbx.json", "notes", "my notes/file"];
  assertEquals([notes, ...others].map(experimentOfNotes), [EXPERIMENT, ...others.map(() => undefined)]);
  assertEquals([notes, ...others].map(isNotesFile), [true, ...others.map(() => false)]);
  assertEquals([definitionFile(RUN), notes, "meta.json"].map(isDefinition), [true, false, false]);
});
