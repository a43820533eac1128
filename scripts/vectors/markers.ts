import { type Bytes, under, type Vector, type VectorFile } from "./vector.ts";

const ID = "0golden0repo1";
const OTHER = "0other00repo2";
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
const WHOLE = `{"dbx":1,"id":"${ID}",${TIME}}`;
const COPY = `{"dbx":1,"id":"${OTHER}",${TIME}}\n`;

/** `copy`: what `.dbx/marker.json` holds. */
type Given = string | { readonly hex: string };
const bytes = (given: Given): Bytes => typeof given === "string" ? { text: given } : given;

const whole = (id: string, given: Given, reason: string): Vector => ({
  id,
  ...bytes(given),
  verdict: "whole",
  repository: ID,
  reason,
});
const damaged = (id: string, given: Given, repository: string | null, reason: string, copy?: string): Vector => {
  return { id, ...bytes(given), ...copy !== undefined && { copy }, verdict: "damaged", repository, reason };
};
const refused = (id: string, given: Given, reason: string, copy?: string): Vector => {
  return { id, ...bytes(given), ...copy !== undefined && { copy }, verdict: "refused", reason };
};

/** Markers. */
export const MARKERS: VectorFile = {
  about:
    "Markers (dbx.json), some with a .dbx/marker.json (`copy`): whole, damaged but of version 1, or refused; and the id of the repository, null where it is not known.",
  vectors: [
    whole("plain", WHOLE + "\n", "a marker"),
    whole("no-line-feed", WHOLE, "a line feed is white space"),
    whole("spaces", `{\n  "dbx": 1,\n  "id": "${ID}",\n  ${TIME}\n}\n`, "white space"),
    whole("order", `{${TIME},"id":"${ID}","dbx":1}`, "keys in any order"),
    whole("unknown-keys", `{"dbx":1,"id":"${ID}",${TIME},"x":{"dbx":2}}`, "any other key is ignored"),
    whole("version-decimal", `{"dbx":1.0,"id":"${ID}",${TIME}}`, "1.0 is 1"),
    whole("time-offset", `{"dbx":1,"id":"${ID}","createdAt":"2026-01-01T11:00+0200"}`, "a time"),
    whole("time-number", `{"dbx":1,"id":"${ID}","createdAt":1767258000000}`, "a time"),
    ...under("F15", [whole("id-twice", `{"dbx":1,"id":"x","id":"${ID}",${TIME}}`, "the last one counts")]),
    ...under("F17", [whole("bare-nan", `{"dbx":1,"id":"${ID}",${TIME},"x":NaN}`, "bare NaN is taken")]),
    ...under("F18", [whole("byte-order-mark", `\ufeff${WHOLE}\n`, "a byte order mark is passed over")]),
    ...under("F19", [
      whole("not-utf8", {
        hex:
          "7b22646278223a312c226964223a2230676f6c64656e307265706f31222c22637265617465644174223a313736373235383030303030302c2278223a22ff227d",
      }, "U+FFFD stands for bytes that are not UTF-8"),
    ]),
    ...under("F25", [
      damaged("id-missing", `{"dbx":1,${TIME}}`, null, "no id"),
      damaged("id-missing-copy", `{"dbx":1,${TIME}}`, OTHER, "the copy says the id", COPY),
      damaged("id-capital", `{"dbx":1,"id":"0GOLDEN0REPO1",${TIME}}`, null, "the id is of 0-9a-z"),
      damaged("id-short", `{"dbx":1,"id":"0golden",${TIME}}`, null, "the id has 13 characters"),
      damaged("id-null", `{"dbx":1,"id":null,${TIME}}`, null, "the id is a text"),
      damaged("time-missing", `{"dbx":1,"id":"${ID}"}`, ID, "no time; the text holds the id"),
      damaged("time-null", `{"dbx":1,"id":"${ID}","createdAt":null}`, ID, "null is not a time"),
      damaged("time-february-30", `{"dbx":1,"id":"${ID}","createdAt":"2026-02-30T00:00:00.000Z"}`, ID, "no time"),
      damaged("time-missing-copy", `{"dbx":1,"id":"${ID}"}`, OTHER, "the copy goes before the text", COPY),
      damaged("cut-off", `{"dbx":1,"id":"${ID}","createdA`, ID, "the version stands once, and is followed by a comma"),
      damaged("cut-off-id", `{"dbx":1,"id":"0gold`, null, "the id is cut off"),
      damaged("only-version", `{"dbx":1}`, null, "the version is followed by a brace"),
      damaged("broken-quote", `{"dbx":1,"id":"${ID},${TIME}}`, null, "the text of the id does not end"),
      damaged("broken-spaces", `{ "dbx" : 1 , "id" : "${ID}" x`, ID, "white space around the colon"),
      damaged("other-space-behind", `{"dbx":1,"id"\ufeff:"${ID}",${TIME}}`, null, "U+FEFF is not white space of JSON"),
      damaged(
        "bad-byte",
        { hex: "7b22646278223a312cff226964223a2230676f6c64656e307265706f31227d" },
        ID,
        "a byte that is not UTF-8, between two keys",
      ),
      damaged("empty-copy", "", OTHER, "no number: the copy says the version", COPY),
      damaged("zeros-copy", "\0".repeat(40), OTHER, "no number: the copy says the version", COPY),
      damaged("version-text-copy", `{"dbx":"1","id":"${ID}",${TIME}}`, OTHER, "a text is not a number", COPY),
      damaged("version-missing-copy", `{"id":"${ID}",${TIME}}`, OTHER, "no number: the copy says the version", COPY),
    ]),
    ...under(["F24", "F26"], [
      refused("version-2", `{"dbx":2,"id":"${ID}",${TIME}}`, "a version that is not known"),
      refused("version-0", `{"dbx":0,"id":"${ID}",${TIME}}`, "version 0 has no marker"),
      refused("version-fraction", `{"dbx":1.5,"id":"${ID}",${TIME}}`, "another number"),
      refused("version-negative", `{"dbx":-1,"id":"${ID}",${TIME}}`, "another number"),
      refused("version-12", `{"dbx":12,"id":"${ID}",${TIME}}`, "another number"),
      refused(
        "version-2-copy",
        `{"dbx":2,"id":"${ID}",${TIME}}`,
        "the copy does not count where the version is another one",
        COPY,
      ),
      refused("version-2-cut-off", `{"dbx":2,"id":"`, "damaged, and of another version"),
      refused("version-2-cut-off-copy", `{"dbx":2,"id":"`, "damaged, and of another version", COPY),
      refused("version-2-last-copy", `{"dbx":2`, "damaged, and of another version", COPY),
      refused("two-versions", `{"dbx":1,"dbx" : 3,`, "damaged, and one number is another version"),
    ]),
    ...under("F26", [
      refused("empty", "", "the version cannot be told"),
      refused("zeros", "\0".repeat(40), "the version cannot be told"),
      refused("array", `[1]`, "the version cannot be told"),
      refused("version-text", `{"dbx":"1","id":"${ID}",${TIME}}`, "a text is not a number"),
      refused("version-null", `{"dbx":null,"id":"${ID}",${TIME}}`, "null is not a number"),
      refused("version-missing", `{"id":"${ID}",${TIME}}`, "the version cannot be told"),
      refused("version-last", `{"dbx":1`, "more digits may have followed"),
      refused("version-broken", `{"d\ufffdx":1,"id":"${ID}"}`, "the key is damaged"),
      refused("other-space", `{"dbx"\ufeff:1,"id":"${ID}",${TIME}}`, "U+FEFF is not white space of JSON"),
      refused("twice", `{"dbx":1,"dbx":1,`, "the number stands twice"),
      refused("copy-damaged", "", "the copy is damaged too", `{"dbx":1,"id":"${OTHER}"`),
      refused("copy-version-2", "", "the copy is of another version", `{"dbx":2,"id":"${OTHER}",${TIME}}`),
    ]),
  ],
};
