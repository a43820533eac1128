/** What a line in a known format holds somewhere, `[ 10/100` among it, unless it begins like one. */
const MARK = /\t|\{['"]|%\||[lL]oss |iter: |Test set: |finished with value|\[ *\d+\/ *\d/;
/** How tables, progress of epochs, and headings of epochs begin: they stand at the start of a line. */
const START = /^(?:\s*(?:\d+\/\d|all\s|Epoch\s|Class\s)|Iteration |Validation score)/;

/**
 * Whether a line could be in a known format: the lines of each one in `formats/` must pass here first. Nearly all output is not metrics, and must cost next to nothing: one search of
 * this kind is many times faster than the formats themselves.
 */
export function mayBeKnown(line: string): boolean {
  return MARK.test(line) || START.test(line);
}

/** Whether a line could hold a name and a number. */
export function mayBePair(line: string): boolean {
  return line.includes("=") || line.includes(":") || line.includes(" | ");
}
