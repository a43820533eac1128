import { didYouMean } from "../../base/suggest.ts";
import { HttpError } from "../http/http_error.ts";
import type { Contract, Parameter } from "./contract.ts";
import { problemOf } from "./problem.ts";
import type { ObjectSchema } from "./schema.ts";
import { SCHEMAS } from "./schemas.ts";

/** Parameters that a request may have, and characters of a name of one. */
const MAX_ARGUMENTS = 256;
const MAX_NAME_LENGTH = 256;

/** Refuses a request whose path, query string or headers are not as its route says. */
export function checkArguments(
  contract: Contract,
  path: Readonly<Record<string, string>>,
  search: URLSearchParams,
  headers: Headers,
): void {
  const { parameters = [] } = contract;
  const given = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of search) {
    if (++count > MAX_ARGUMENTS) throw new HttpError(400, `more than ${MAX_ARGUMENTS} parameters`);
    if (!name.isWellFormed() || name.length > MAX_NAME_LENGTH) {
      throw new HttpError(400, "the name of a parameter is too long");
    }
    const values = given.get(name);
    if (values === undefined) given.set(name, [value]);
    else values.push(value);
  }
  const known = parameters.filter((parameter) => parameter.in === "query");
  for (const [name, values] of given) {
    const parameter = known.find((one) => one.prefix === undefined ? one.name === name : isBelow(name, one.prefix));
    if (parameter === undefined) throw new HttpError(400, `"${name}" is unknown here${suggestion(name, known)}`);
    checkOne(name, values, parameter.schema);
  }
  for (const parameter of parameters) {
    const { name, required = false } = parameter;
    if (parameter.in === "path") checkOne(name, [path[name]], parameter.schema);
    else if (parameter.in === "header") {
      const value = headers.get(name);
      if (value !== null) checkOne(name, [value], parameter.schema);
    } else if (required && !given.has(name)) throw new HttpError(400, `"${name}" is missing: ${parameter.help}`);
  }
}

/** Whether a name starts with this prefix and is longer. */
function isBelow(name: string, prefix: string): boolean {
  return name.length > prefix.length && name.startsWith(prefix);
}

function suggestion(name: string, known: readonly Parameter[]): string {
  const names = known.map((parameter) => parameter.name);
  const near = didYouMean(name, names);
  return near !== "" ? near : names.length === 0 ? "" : `: ${names.join(", ")}`;
}

function checkOne(name: string, values: readonly string[], schema: ObjectSchema): void {
  const isList = schema.type === "array";
  if (!isList && values.length > 1) throw new HttpError(400, `"${name}" is given ${values.length} times`);
  const item = isList ? schema.items as ObjectSchema : schema;
  const meant = values.map((value) => meantBy(value, item));
  const problem = problemOf(isList ? meant : meant[0], schema, SCHEMAS, name);
  if (problem !== undefined) throw new HttpError(400, problem);
}

/** What a text stands for; itself where it is not what it should be. */
function meantBy(text: string, { type }: ObjectSchema): unknown {
  switch (type) {
    case "integer":
      return /^\d{1,16}$/.test(text) ? Number(text) : text;
    case "number":
      return /^-?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : text;
    case "boolean":
      return text === "1" || text === "true" ? true : text === "0" || text === "false" ? false : text;
    default:
      return text;
  }
}
