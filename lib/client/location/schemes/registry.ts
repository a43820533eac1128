import { type HttpLocation, httpScheme } from "./http.ts";
import { type PathLocation, pathScheme } from "./path.ts";
import type { Scheme } from "../scheme.ts";
import { type SshLocation, sshScheme } from "./ssh.ts";

/** Where a repository is. */
export type Location = HttpLocation | SshLocation | PathLocation;

/** All ways to a repository. The first one that knows a text has it: paths come last. A new one is a file, and a line here. */
export const SCHEMES: readonly Scheme<Location>[] = [httpScheme, sshScheme, pathScheme];
