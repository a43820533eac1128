import type { Vector, VectorFile } from "./vector.ts";

const EXP = "0resnet0exp01";
const OTHER = "0resnet0exp02";

/** Experiments of these names, each with an id of its own. */
function names(
  id: string,
  names: readonly string[],
  found: readonly (readonly [path: string, ...systems: string[]])[],
  reason: string,
): Vector {
  const paths = names.map((name, at) => `${name}/${at === 0 ? EXP : OTHER}/meta.json`);
  return { id, paths, unportable: found.map(([path, ...systems]) => ({ path, systems })), reason };
}

const log = (id: string, log: string, systems: readonly string[], reason: string): Vector => {
  const run = `${EXP}/runs/0resnet0run01`;
  const path = `${run}/${log}.log.jsonl`;
  const found = systems.length === 0 ? [] : [{ path, systems }];
  return { id, paths: [`${EXP}/meta.json`, `${run}/meta.json`, path], unportable: found, reason };
};

/** Names that some systems cannot hold or keep apart. */
export const PORTABLE: VectorFile = {
  about:
    "Paths of a repository: those that some systems cannot hold or keep apart, each with these systems (as many times as there are reasons).",
  vectors: [
    names("plain", ["vision/resnet"], [], "a name that all hold"),
    names("umlaut", ["größe 日本語 🚀"], [], "composed letters"),
    names("dot-within", ["a.b.c", " d"], [], "dots and spaces within, and in front"),
    names("question", ["a?b"], [["a?b", "Windows"]], 'one of < > : " | ? *'),
    names("star", ["x/*"], [["x/*", "Windows"]], 'one of < > : " | ? *'),
    names("colon", ["aa:b"], [["aa:b", "Windows"]], 'one of < > : " | ? *'),
    names("quote", ['say "x"'], [['say "x"', "Windows"]], 'one of < > : " | ? *'),
    names("pipe-twice", ["a|b<c"], [["a|b<c", "Windows"]], "one reason, however many there are"),
    names("device", ["aux"], [["aux", "Windows"]], "a device"),
    names("device-case", ["Con/x"], [["Con", "Windows"]], "in any case"),
    names("device-dot", ["nul.txt"], [["nul.txt", "Windows"]], "in front of a dot"),
    names("device-dots", ["com1.a.b"], [["com1.a.b", "Windows"]], "in front of the first dot"),
    names("device-0", ["LPT0"], [["LPT0", "Windows"]], "0 to 9"),
    names("device-superscript", ["COM²"], [["COM²", "Windows"]], "superscript digits"),
    names("device-console", ["CONOUT$"], [["CONOUT$", "Windows"]], "the console"),
    names("device-longer", ["auxiliary", "com10"], [], "longer names are not devices"),
    names("device-behind", ["x.aux"], [], "after a dot it is not a device"),
    log("device-log", "prn", ["Windows"], "a log whose file is named by a device in front of a dot"),
    log("log", "stdout", [], "a log"),
    names("decomposed", ["e\u0301"], [["e\u0301", "macOS"]], "not in the normal form NFC"),
    names("decomposed-hangul", ["\u1112\u1161\u11ab"], [["\u1112\u1161\u11ab", "macOS"]], "not in the normal form NFC"),
    names("case", ["Vision", "vision"], [["vision", "Windows", "macOS"]], "they differ only in case"),
    names("case-below", ["a/Vision", "a/vision"], [["a/vision", "Windows", "macOS"]], "in one folder"),
    names("case-apart", ["a/Vision", "b/vision"], [], "in two folders"),
    names("case-umlaut", ["GRÖSSE", "grösse"], [["grösse", "Windows", "macOS"]], "letters beyond ASCII too"),
    names(
      "composed",
      ["\u00e9", "e\u0301"],
      [["e\u0301", "macOS"], ["e\u0301", "macOS"]],
      "not NFC, and the same as another one",
    ),
    names("path-240", [`${"x".repeat(107)}/${"x".repeat(108)}`], [], "240 units with the file"),
    names("path-241", [`${"x".repeat(108)}/${"x".repeat(108)}`], [[
      `${"x".repeat(108)}/${"x".repeat(108)}/${EXP}/meta.json`,
      "Windows",
    ]], "241 units: the file alone is too deep"),
  ],
};
