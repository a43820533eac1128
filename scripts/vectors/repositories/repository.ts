/** The bytes of a file. */
export type Given = string | { readonly hex: string };

/** A repository whose answers are known. */
export interface RepositoryVector {
  /** The name of its file. */
  readonly name: string;
  readonly about: string;
  readonly spec?: readonly string[];
  /** A folder in tests/fixtures that is the repository; else it is made of what follows. */
  readonly folder?: string;
  /** By their paths. */
  readonly files?: Readonly<Record<string, Given>>;
  /** Empty folders. */
  readonly folders?: readonly string[];
  /** Symbolic links, and what they point to. */
  readonly links?: Readonly<Record<string, string>>;
}

export const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
export const MARKER = `{"dbx":1,"id":"0golden0repo1",${TIME}}\n`;

/** A definition. */
export function definition(id: string, more = ""): string {
  return `{"id":"${id}",${TIME}${more && "," + more}}\n`;
}

/** A definition at 09:00 and as many seconds. */
export function later(id: string, seconds: number, more = ""): string {
  return definition(id, more).replace("09:00:00", `09:00:${String(seconds).padStart(2, "0")}`);
}

/** A line, at as many milliseconds after 09:00. */
export function line(event: string, at: number, data = ""): string {
  return `{"event":"${event}","ts":${1767258000000 + at}${data && "," + data}}\n`;
}
