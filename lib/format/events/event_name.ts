import { UsageError } from "../../base/errors.ts";

/** Characters (UTF-16 units) that an event name may have. */
export const MAX_EVENT_NAME_LENGTH = 1024;

/** The four names before, checked and quoted: a training repeats a few names. */
const names: string[] = ["", "", "", ""];
const quoted: string[] = ["", "", "", ""];
let next = 0;

/** @throws {UsageError} For a name that is empty, longer than 1024 characters, or holds control characters. */
export function checkEventName(name: string): void {
  if (typeof name !== "string") {
    throw new UsageError(`Cannot name an event: the name is a ${typeof name}, not a string.`);
  }
  if (name === "") throw new UsageError(`Cannot name an event "": the name is empty; give it one such as "train".`);
  if (name.length > MAX_EVENT_NAME_LENGTH) {
    throw new UsageError(
      `Cannot name an event "${
        name.slice(0, 40)
      }…": the name has ${name.length} characters, ${MAX_EVENT_NAME_LENGTH} are allowed.`,
    );
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f-\x9f]/.test(name)) {
    throw new UsageError(`Cannot name an event ${JSON.stringify(name)}: the name holds a control character.`);
  }
}

/** An event's name as JSON, checked. */
export function quoteEventName(name: string): string {
  // Comparing with four names is many times faster than a map, whose miss costs more than quoting again.
  if (name !== "") {
    if (name === names[0]) return quoted[0];
    if (name === names[1]) return quoted[1];
    if (name === names[2]) return quoted[2];
    if (name === names[3]) return quoted[3];
  }
  // Printable ASCII without quotes and backslashes stands for itself.
  const simple = typeof name === "string" && /^[ !#-[\]-~]{1,1024}$/.test(name);
  if (!simple) checkEventName(name);
  const text = simple ? `"${name}"` : JSON.stringify(name);
  next = (next + 1) & 3;
  names[next] = name;
  return quoted[next] = text;
}
