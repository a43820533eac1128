// Makes `dist/dbxlogger-VERSION-py3-none-any.whl`, the Python client as a package that pip installs. `--output DIR` for another folder.
//
// A module of one file cannot say that it is typed, so it is a package whose `__init__.py` is that file.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { parseArgs } from "@std/cli/parse-args";
import { VERSION } from "../lib/base/version.ts";

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const { output = `${root}dist` } = parseArgs(Deno.args, { string: ["output"] }) as { output?: string };
const source = (name: string) => Deno.readTextFile(`${root}${name}`);
const info = `dbxlogger-${VERSION}.dist-info`;

const METADATA = `Metadata-Version: 2.1
Name: dbxlogger
Version: ${VERSION}
Summary: Logs machine-learning experiments into a dbx repository
License: MIT
Requires-Python: >=3.8
Classifier: Typing :: Typed
Description-Content-Type: text/markdown

`;
const WHEEL = `Wheel-Version: 1.0\nGenerator: dbx\nRoot-Is-Purelib: true\nTag: py3-none-any\n`;

const files: [name: string, text: string][] = [
  ["dbxlogger/__init__.py", await source("lib/python/dbxlogger/dbxlogger.py")],
  ["dbxlogger/py.typed", ""],
  [`${info}/METADATA`, METADATA + await source("lib/docs/python.md")],
  [`${info}/WHEEL`, WHEEL],
  [`${info}/licenses/LICENSE`, await source("LICENSE")],
];
const record = files.map(([name, text]) => {
  const hash = createHash("sha256").update(text).digest("base64url");
  return `${name},sha256=${hash},${new TextEncoder().encode(text).length}\n`;
});
files.push([`${info}/RECORD`, `${record.join("")}${info}/RECORD,,\n`]);

/** A number of so many bytes, the lowest first. */
function number(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(value / 2 ** (8 * at)) % 256);
}

/** A zip archive; its files have no times of their own, so that equal files give equal archives. */
async function zip(entries: readonly (readonly [name: string, text: string])[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: number[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const [path, bytes] = [name, text].map((part) => new TextEncoder().encode(part));
    const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const packed = new Uint8Array(await new Response(deflated).arrayBuffer());
    // Version 2.0, names in UTF-8, deflated, midnight of 1 January 1980.
    const head = [20, 0, 0, 8, 8, 0, 0, 0, 33, 0];
    head.push(...number(crc32(bytes), 4), ...number(packed.length, 4), ...number(bytes.length, 4));
    head.push(...number(path.length, 2), 0, 0);
    // Made on Unix, mode 0644.
    directory.push(80, 75, 1, 2, 20, 3, ...head, ...Array(6).fill(0), ...number(0o100644 * 65536, 4));
    directory.push(...number(offset, 4), ...path);
    const local = new Uint8Array([80, 75, 3, 4, ...head, ...path]);
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const count = number(entries.length, 2);
  const end = [
    80,
    75,
    5,
    6,
    0,
    0,
    0,
    0,
    ...count,
    ...count,
    ...number(directory.length, 4),
    ...number(offset, 4),
    0,
    0,
  ];
  parts.push(new Uint8Array([...directory, ...end]));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const path = `${output}/dbxlogger-${VERSION}-py3-none-any.whl`;
await Deno.mkdir(output, { recursive: true });
await Deno.writeFile(path, await zip(files));
console.log(path);
