// The synchronisation with which SYNC.md begins: a clone of a small repository, and a push of one more line, as dbx sends them.
import { createHash } from "node:crypto";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/client/location/sync.ts";

const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
const EXPERIMENT = "0000000000exp";
const RUN = `${EXPERIMENT}/runs/0000000000run`;
const WEIGHTS = "weights\n";
const HASH = createHash("sha256").update(WEIGHTS).digest("hex");
const FILE = `{"_dbx":"expfile","exp":"${EXPERIMENT}","name":"model.bin","sha256":"${HASH}"}`;

/** The repository on the server, all of it changed in one second. */
const FILES: Readonly<Record<string, string>> = {
  "dbx.json": `{"dbx":1,"id":"000000000repo",${TIME}}\n`,
  [`${EXPERIMENT}/meta.json`]: `{"id":"${EXPERIMENT}","kind":"train","name":"","params":{"lr":0.1},${TIME}}\n`,
  [`${RUN}/meta.json`]: `{"id":"0000000000run",${TIME}}\n`,
  [`${RUN}/log.jsonl`]: `{"event":"loss","ts":1767258004000,"value":0.5}\n` +
    `{"event":"model","ts":1767258005000,"value":${FILE}}\n`,
  [`objects/${HASH.slice(0, 2)}/${HASH}`]: WEIGHTS,
};
const CHANGED = new Date(1767258010000);
/** What the copy has more, later on. */
const LINE = `{"event":"loss","ts":1767258020000,"value":0.25}\n`;
const LATER = new Date(1767258021000);

/** Headers that say something about the protocol. */
const TOLD = /^(dbx-.*|content-digest|content-encoding|content-range|range|if-none-match)$/;

/** The fenced blocks of SYNC.md that show the exchange, one for each request and its answer. */
export async function wireExample(): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "dbx-wire-" });
  try {
    for (const [name, text] of Object.entries(FILES)) await write(`${folder}/server/${name}`, text, CHANGED);
    const blocks: string[] = [];
    const routes = storeRoutes(new LocalStore(`${folder}/server`));
    const peer = () =>
      new RemoteStore({
        location: "the server",
        base: "http://server",
        transport: async (request) => {
          const asked = await messageOf(`${request.method} ${request.url.slice("http://server".length)}`, request);
          const answer = await routes(request);
          blocks.push(
            [...asked.map(prefixed(">")), ...(await messageOf(`${answer.status}`, answer)).map(prefixed("<"))].join(
              "\n",
            ),
          );
          return answer;
        },
      });
    const copy = `${folder}/copy`;
    await sync(peer(), copy, { direction: "push" });
    await write(`${copy}/${RUN}/log.jsonl`, LINE, LATER);
    await sync(copy, peer(), { direction: "push" });
    return blocks.map((block) => "```text wire\n" + block + "\n```");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The document with these blocks in the place of its own. */
export function withExample(markdown: string, blocks: readonly string[]): string {
  let at = 0;
  const text = markdown.replace(/^```text wire\n[\s\S]*?^```$/gm, () => blocks[at++] ?? "");
  if (at !== blocks.length) {
    throw new Error(
      `The page has ${at} blocks of the example, and dbx makes ${blocks.length} requests: edit the text around them`,
    );
  }
  return text;
}

async function write(path: string, text: string, time: Date): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text, { append: true });
  await Deno.utime(path, time, time);
}

const prefixed = (sign: string) => (line: string): string => (line === "" ? sign : `${sign} ${line}`);

/** A request or an answer: its first line, headers, and body, which is text or a dump. */
async function messageOf(first: string, message: Request | Response): Promise<string[]> {
  const headers = [...message.headers].filter(([name]) => TOLD.test(name)).map(([name, value]) => `${name}: ${value}`);
  const bytes = message.body === null ? new Uint8Array() : new Uint8Array(await message.clone().arrayBuffer());
  return [first, ...headers, ...(bytes.length === 0 ? [] : ["", ...bodyOf(bytes)])];
}

function bodyOf(bytes: Uint8Array): string[] {
  if (bytes.includes(0)) return dump(bytes);
  const text = new TextDecoder().decode(bytes);
  return text.replace(/\n$/, "").split("\n");
}

/** Bytes in lines of 32: the offset, hexadecimal digits, and what is printable in ASCII. */
function dump(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 32) {
    const line = bytes.subarray(at, at + 32);
    const digits = line.toHex().replace(/.{8}(?=.)/g, "$& ").padEnd(8 * 9 - 1);
    const text = Array.from(line, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(4, "0")} ${digits} ${text}`);
  }
  return lines;
}
