import { UsageError } from "../base/errors.ts";
import { absolute } from "../repo/locate.ts";
import type { Command, Parsed } from "./command.ts";
import { indexFolders } from "./index_folder.ts";
import { flag, text } from "./parse.ts";

/** The default address. */
const ADDRESS = "127.0.0.1:7070";

/** The address that a command line says. */
export function listenAddress(parsed: Parsed): { readonly hostname: string; readonly port: number } {
  const word = text(parsed, "listen") ?? ADDRESS;
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:\s]*):)?(\d{1,5})$/.exec(word);
  const port = Number(match?.[2] ?? NaN);
  if (match === null || port > 65535) {
    throw new UsageError(`Cannot listen on "${word}": an address is HOST:PORT, such as ${ADDRESS}, or a port`);
  }
  return { hostname: (match[1] || "127.0.0.1").replace(/^\[|\]$/g, ""), port };
}

/** `dbx serve`. */
export const command: Command = {
  name: "serve",
  summary: "offer a repository to dbx push, pull, clone and sync",
  usage: "[options]",
  details:
    `Serves one repository over HTTP until it is stopped. On 127.0.0.1, the default, everybody on this machine may use it; any other
address needs a token, which clients give by --token-file or DBX_TOKEN. Nothing can be removed or overwritten over it.
Put a TLS proxy in front of it where the network is not trusted. --pipe speaks on stdin and stdout instead, for ssh.`,
  examples: [
    "dbx serve",
    "dbx serve --listen 0.0.0.0:7070 --token-file ~/.dbx-token",
    "dbx serve --read-only --listen 8080",
  ],
  options: [
    {
      name: "listen",
      short: "l",
      kind: "text",
      value: "HOST:PORT",
      help: "the address; port 0: any free one",
      default: ADDRESS,
    },
    {
      name: "token-file",
      kind: "text",
      value: "FILE",
      help: "the token that clients must have",
      default: "$DBX_TOKEN",
    },
    { name: "read-only", kind: "flag", help: "take nothing" },
    { name: "pipe", kind: "flag", help: "serve the one who holds stdin and stdout" },
    { name: "json", kind: "flag", help: "say where it listens, and each request, as a line of JSON" },
    { name: "quiet", short: "q", kind: "flag", help: "no line for each request" },
  ],
  positionals: { min: 0, max: 0 },
  permissions(parsed, around) {
    const index = indexFolders(around.repo, around);
    const token = text(parsed, "token-file");
    const { hostname, port } = listenAddress(parsed);
    const address = hostname.includes(":") ? `[${hostname}]` : hostname;
    return {
      read: [around.repo, ...index, ...(token === undefined ? [] : [absolute(token, around.cwd)])],
      write: flag(parsed, "read-only") ? index : [around.repo, ...index],
      // Port 0 is chosen by the system, so no single one can be named.
      net: flag(parsed, "pipe") ? [] : [port === 0 ? address : `${address}:${port}`],
    };
  },
  load: () => import("./serve_run.ts"),
};
