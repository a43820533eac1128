/** What JSON from strangers may be, beside what its schema says. */
export interface JsonLimits {
  /** Objects and lists within one another. */
  readonly depth: number;
  /** Members of all objects and items of all lists. */
  readonly parts: number;
}

export const JSON_LIMITS: JsonLimits = { depth: 64, parts: 500_000 };

const QUOTE = 34, BACKSLASH = 92, OPEN = 123, CLOSE = 125, OPEN_LIST = 91, CLOSE_LIST = 93, COLON = 58, COMMA = 44;

/** JSON that is refused. */
export class StrictJsonError extends Error {
  override name = "StrictJsonError";
}

/**
 * Parses JSON of which every reader makes the same (I-JSON, RFC 7493): no name twice in an object, no half of a surrogate
 * pair, no number beyond what a double holds; and nothing that nests deep or has more parts than the limits say, which is
 * known before any of it is made.
 *
 * @throws {StrictJsonError} With what is wrong, as a sentence about the body.
 */
export function parseStrictJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  checkSize(text, limits);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StrictJsonError("the body is not valid JSON");
  }
  checkNames(text);
  checkValue(json);
  return json;
}

/** How deep it nests, and how many parts it has. Text that is not JSON at all is found later. */
function checkSize(text: string, { depth: deepest, parts: most }: JsonLimits): void {
  let depth = 0, parts = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        break;
      case OPEN:
      case OPEN_LIST:
        if (++depth > deepest) throw new StrictJsonError(`the body is nested deeper than ${deepest}`);
        parts++;
        break;
      case CLOSE:
      case CLOSE_LIST:
        depth--;
        break;
      case COMMA:
        parts++;
    }
    if (parts > most) throw new StrictJsonError(`the body has more than ${most} parts`);
  }
}

/** Where the quote stands that ends a text. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

/** Refuses an object that has a name twice. The text is JSON. */
function checkNames(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfText(text, at);
        last = open.at(-1) === undefined ? undefined : text.slice(at, end + 1);
        at = end;
        break;
      }
      case OPEN:
        open.push(new Set());
        break;
      case OPEN_LIST:
        open.push(undefined);
        break;
      case CLOSE:
      case CLOSE_LIST:
        open.pop();
        break;
      case COLON: {
        // A name may be written in several ways.
        const name = last!.includes("\\") ? JSON.parse(last!) as string : last!.slice(1, -1);
        const names = open.at(-1)!;
        if (names.has(name)) throw new StrictJsonError(`the body has "${name.slice(0, 60)}" twice in one object`);
        names.add(name);
      }
    }
  }
}

/** Refuses texts that are not Unicode, and numbers that are infinite. */
function checkValue(value: unknown): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new StrictJsonError("the body has a string with an unpaired surrogate");
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new StrictJsonError("the body has a number that is too large");
  } else if (Array.isArray(value)) value.forEach(checkValue);
  else if (value !== null && typeof value === "object") {
    for (const [key, item] of Object.entries(value)) {
      checkValue(key);
      checkValue(item);
    }
  }
}
