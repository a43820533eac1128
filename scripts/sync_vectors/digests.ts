import type { DigestedFile } from "../../lib/protocol/inventory_digests.ts";
import { bucketOf, counts, digest, lineOf } from "../../lib/protocol/inventory_digests.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { EXP, objectName, RUN } from "./samples.ts";

const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
const META: DigestedFile = { name: `${EXP}/meta.json`, size: 410, modifiedAt: 1767258004000 };

/** Names of which an order by characters, by bytes of UTF-8 or by names and not by lines is another one. */
const ORDERED = [
  `a!b/${EXP}/meta.json`,
  `a/${EXP}/meta.json`,
  `a"/${EXP}/meta.json`,
  `a#/${EXP}/meta.json`,
  `B/${EXP}/meta.json`,
  `é/${EXP}/meta.json`,
  `\uffe6/${EXP}/meta.json`,
  `\u{1f680}/${EXP}/meta.json`,
].map((name): DigestedFile => ({ name, size: 1, modifiedAt: 1 }));

/** Digests of inventories. */
export function digestVectors(): VectorFile {
  const many = Array.from({ length: 100 }, (_, at): DigestedFile => {
    return { name: `n${at}/${EXP}/meta.json`, size: at, modifiedAt: at * 1000 };
  });
  return {
    about: "Files of an inventory, spread over buckets, and the digest of each bucket.",
    vectors: [
      vector("nothing", [], 4),
      vector("one file", [META], 1),
      vector("one file in 16 buckets", [META], 16),
      vector("the marker has no line", [{ name: "dbx.json", size: 70, modifiedAt: 5 }, META], 1),
      vector("a partial object is in no bucket", [{ name: objectName("a"), size: 1, partial: true }, META], 1),
      vector("an object", [{ name: objectName("a"), size: 1 }], 1),
      vector("a file without a time", [{ name: LOG, size: 5 }], 1),
      vector("an empty file", [{ name: LOG, size: 0, modifiedAt: 0 }], 1),
      vector("a time before 1970", [{ name: LOG, size: 5, modifiedAt: -1 }], 1),
      vector("names that need escapes", [
        { name: `a"b/${EXP}/meta.json`, size: 1, modifiedAt: 1 },
        { name: `a'b</>&/${EXP}/meta.json`, size: 2, modifiedAt: 2 },
        { name: `a\u2028b\u00a0c\u0085/${EXP}/meta.json`, size: 3, modifiedAt: 3 },
      ], 1),
      vector("names beyond ASCII", [
        { name: `größe/${EXP}/meta.json`, size: 1, modifiedAt: 1 },
        { name: `gro\u0308ße/${EXP}/meta.json`, size: 1, modifiedAt: 1 },
        { name: `日本 語/🚀/${EXP}/meta.json`, size: 1, modifiedAt: 1 },
      ], 8),
      vector("lines are sorted, by UTF-16 units, and not names", ORDERED, 1),
      vector("the order of a list does not matter", ORDERED.toReversed(), 1),

      vector("a number of buckets that is not a power of two", many.slice(0, 20), 7),
      vector("many files", many, 32),
    ],
  };
}

function vector(id: string, entries: readonly DigestedFile[], buckets: number): Vector {
  const { digests, members } = digest(entries, buckets);
  return {
    id,
    buckets,
    files: entries.map(({ name, size, modifiedAt, partial }) => ({
      name,
      size,
      ...(modifiedAt !== undefined && { modifiedAt }),
      ...(partial && { partial }),
      ...(!partial && name !== "dbx.json" && { bucket: bucketOf(name, buckets) }),
    })),
    lines: members.map((own) => own.filter(counts).map(lineOf).sort()),
    digests: digests.join(""),
  };
}
