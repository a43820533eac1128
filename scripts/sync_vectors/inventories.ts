import type { Vector, VectorFile } from "../vectors/vector.ts";
import { EXP, objectName, RUN, sha256Of } from "./samples.ts";
import { type Rule, ruleOf } from "./rules.ts";

const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
const HEAD = `{"buckets":1,"sent":[0],"marker":70}`;

/** Answers to `sync/inventory` that a client takes, and such as it must refuse. */
export function inventoryVectors(): VectorFile {
  return {
    about:
      "Answers to sync/inventory with the files that they mean, or with one fault each. What was asked had no digests.",
    vectors: [
      right("nothing", [`{"buckets":1,"sent":[0]}`]),
      right("a marker alone", [HEAD], { marker: 70 }),
      right("a log and an object", [HEAD, `["${LOG}",5,1]`, `["${objectName("a")}",1]`], {
        marker: 70,
        files: [{ name: LOG, size: 5, modifiedAt: 1 }, { name: objectName("a"), size: 1 }],
      }),
      right("a partial object", [HEAD, `["${objectName("a")}",1,"partial"]`], {
        marker: 70,
        files: [{ name: objectName("a"), size: 1, partial: true }],
      }),
      wrong("no line", "", "end"),
      wrong("no end", `${HEAD}\n["${LOG}",5,1]\n`, "end"),
      wrong("no line feed at the end", whole([HEAD]).slice(0, -1), "end"),
      wrong("a wrong number of files", ended([HEAD, `["${LOG}",5,1]`], 2), "end"),
      wrong("a wrong SHA-256", ended([HEAD], 0, sha256Of("x")), "check"),
      wrong("no head", whole([`["${LOG}",5,1]`]), "head"),
      wrong("a head without sent", whole([`{"buckets":1}`]), "head"),
      wrong("a line after the end", `${whole([HEAD])}["${LOG}",5,1]\n`, "end"),
      wrong("a line that is not JSON", whole([HEAD, "nonsense"])),
      wrong("a line that is an object", whole([HEAD, `{"name":"${LOG}"}`])),
      wrong("a name that leaves the repository", whole([HEAD, `["../${LOG}",5,1]`]), "name"),
      wrong("a name that is a number", whole([HEAD, `[1,5,1]`]), "name"),
      wrong("a negative length", whole([HEAD, `["${LOG}",-1,1]`]), "counts"),
      wrong("a length with a fraction", whole([HEAD, `["${LOG}",1.5,1]`]), "counts"),
      wrong("a length beyond 2^53", whole([HEAD, `["${LOG}",1e300,1]`]), "counts"),
      wrong("a time that is text", whole([HEAD, `["${LOG}",1,"x"]`]), "counts"),
      wrong("an object without a length", whole([HEAD, `["${objectName("a")}"]`]), "counts"),
      wrong("a file that is listed twice", whole([HEAD, `["${LOG}",1,1]`, `["${LOG}",2,1]`]), "listed"),
      wrong("the marker as a file", whole([HEAD, `["dbx.json",70,1]`]), "listed"),
      wrong("a partial log", whole([HEAD, `["${LOG}",1,"partial"]`]), "listed"),
      wrong("a line of four elements", whole([HEAD, `["${LOG}",1,1,1]`]), "listed"),
      wrong("other buckets than were asked for", whole([`{"buckets":2,"sent":[0,1]}`]), "head"),
      wrong("no bucket is sent", whole([`{"buckets":1,"sent":[]}`]), "head"),
      wrong("a bucket that does not exist", whole([`{"buckets":1,"sent":[0,1]}`]), "head"),
      wrong("an object with a time", whole([HEAD, `["${objectName("a")}",1,1]`])),
      wrong("a time with a fraction", whole([HEAD, `["${LOG}",1,0.5]`]), "counts"),
    ],
  };
}

function right(
  id: string,
  lines: readonly string[],
  { marker, files = [] }: { marker?: number; files?: object[] } = {},
): Vector {
  return { id, text: whole(lines), ...(marker !== undefined && { marker }), files };
}

function wrong(id: string, text: string, rule?: Rule): Vector {
  return { id, ...(rule !== undefined && ruleOf(rule)), text, verdict: "broken" };
}

function whole(lines: readonly string[]): string {
  return ended(lines, lines.length - 1);
}

function ended(lines: readonly string[], count: number, sha256?: string): string {
  const text = lines.map((line) => line + "\n").join("");
  return text + `{"end":${count},"sha256":"${sha256 ?? sha256Of(text)}"}\n`;
}
