import { type RouteName, ROUTES } from "../../protocol/route_table.ts";
import { HttpError } from "../http/http_error.ts";

/** A path of the table: its routes by method, and the names of its parameters. */
interface Path {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly methods: ReadonlyMap<string, RouteName>;
}

/** Which route a request takes. */
export interface FoundRoute {
  readonly name: RouteName;
  /** The parts of the path that are parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

const PATHS: readonly Path[] = pathsOf();

/** Which repository is meant, by its name, and the path as it would be at the top. */
export function placeOf(url: URL): { readonly repository: string | undefined; readonly pathname: string } {
  const match = /^(?:\/repos\/([^/]+))?(\/api\/v1(?:\/.*)?)$/.exec(url.pathname);
  if (match === null) return { repository: undefined, pathname: url.pathname };
  const pathname = match[2] === "/api/v1/" ? "/api/v1" : match[2];
  return { repository: match[1] === undefined ? undefined : decode(match[1]), pathname };
}

/** The route of a method and a path at the top, or why there is none. */
export function findRoute(method: string, pathname: string): FoundRoute | HttpError {
  for (const { pattern, names, methods } of PATHS) {
    const match = pattern.exec(pathname);
    if (match === null) continue;
    const name = methods.get(method) ?? (method === "HEAD" ? methods.get("GET") : undefined);
    if (name === undefined) {
      return new HttpError(405, "this method is not offered here", { allow: allowed(methods).join(", ") });
    }
    try {
      return { name, path: Object.fromEntries(names.map((name, at) => [name, decode(match[at + 1])])) };
    } catch (error) {
      return error as HttpError;
    }
  }
  return new HttpError(404, "there is no such route");
}

/** The methods that a path has; none where there is no such path. */
export function methodsAt(pathname: string): string[] {
  const path = PATHS.find(({ pattern }) => pattern.test(pathname));
  return path === undefined ? [] : allowed(path.methods);
}

function allowed(methods: ReadonlyMap<string, RouteName>): string[] {
  const all = [...methods.keys()];
  if (methods.has("GET") && !methods.has("HEAD")) all.push("HEAD");
  return [...all, "OPTIONS"];
}

function pathsOf(): Path[] {
  const paths = new Map<string, Map<string, RouteName>>();
  for (const [name, { path, method }] of Object.entries(ROUTES)) {
    const methods = paths.get(path) ?? new Map<string, RouteName>();
    paths.set(path, methods.set(method, name as RouteName));
  }
  return [...paths].map(([path, methods]) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const source = path.replace(/[.]/g, "\\.").replace(
      /\{(\w+)\}/g,
      (_, name) => (name === "name" ? "(.+)" : "([^/]+)"),
    );
    return { pattern: new RegExp(`^${source}$`, "s"), names, methods };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "a name that is badly encoded");
  }
}
