import { contentDigest, requestCheck } from "../../lib/protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { toVector } from "./pieces.ts";
import { type Rule, ruleOf } from "./rules.ts";
import { EXP, experiment, line, objectName, RUN, run, state } from "./samples.ts";
import { server } from "./scenario.ts";
import { type State, writeState } from "./state.ts";

const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
const BEFORE: State = state(experiment(), run({ "log.jsonl": line("größe", { loss: 0.5 }) }));

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly text?: string;
  /** Headers that are added, or (null) left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly rule?: Rule;
}

const PROVE = { path: "sync/prove", text: `{"extents":[["${LOG}",5]]}` };

const ASKED: Readonly<Record<string, Asked>> = {
  "a question": PROVE,
  "no version below sync/": { ...PROVE, headers: { [PROTOCOL_HEADER]: null }, rule: "noVersion" },
  "another version": { ...PROVE, headers: { [PROTOCOL_HEADER]: "2" }, rule: "version" },
  "a version that is not a number": { ...PROVE, headers: { [PROTOCOL_HEADER]: "one" }, rule: "version" },
  "another version below files/": {
    method: "GET",
    path: "files/",
    headers: { [PROTOCOL_HEADER]: "2" },
    rule: "version",
  },
  "no version below files/": { method: "GET", path: `files/${LOG}`, headers: { [PROTOCOL_HEADER]: null } },
  "no checksums": { ...PROVE, headers: { "dbx-check": null, "content-digest": null } },
  "a wrong dbx-check": { ...PROVE, headers: { "dbx-check": "00000000" }, rule: "request" },
  "a dbx-check of another range": {
    method: "GET",
    path: `files/${LOG}`,
    headers: { range: "bytes=0-4", "dbx-check": requestCheck("GET", `http://server/api/v1/files/${LOG}`, null) },
    rule: "request",
  },
  "a wrong Content-Digest": {
    ...PROVE,
    headers: { "content-digest": contentDigest(new Uint8Array()) },
    rule: "request",
  },
  "a wrong Content-Digest of frames": {
    path: "sync/take",
    text: "x",
    headers: { "content-digest": contentDigest(new Uint8Array()) },
    rule: "request",
  },
  "a list of a folder": { method: "GET", path: `files/${EXP}/` },
  "a list of a folder that is not there": { method: "GET", path: "files/none/" },
  "HEAD of a file": { method: "HEAD", path: `files/${LOG}` },
  "HEAD of nothing": { method: "HEAD", path: `files/none/${EXP}/meta.json` },
  "a file": { method: "GET", path: `files/${LOG}` },
  "some bytes of a file": { method: "GET", path: `files/${LOG}`, headers: { range: "bytes=5-8" } },
  "bytes of a file to its end": { method: "GET", path: `files/${LOG}`, headers: { range: "bytes=5-" } },
  "bytes beyond the end of a file": { method: "GET", path: `files/${LOG}`, headers: { range: "bytes=45-4000" } },
  "no byte of a file": { method: "GET", path: `files/${LOG}`, headers: { range: "bytes=4000-5000" } },
  "a file that is not there": { method: "GET", path: `files/${objectName("a")}` },
  "a folder as a file": { method: "GET", path: `files/${EXP}/runs` },
  "a name that begins with a dot": { method: "GET", path: "files/.dbx/replica" },
  "a name that leads out": { method: "GET", path: "files/%2e%2e%2fsecret" },
  "a name that is badly encoded": { method: "GET", path: "files/%ff" },
  "a method that there is not": { method: "DELETE", path: `files/${LOG}` },
  "a route that there is not": { path: "sync/none", text: "{}" },
  "GET below sync/": { method: "GET", path: "sync/prove" },
  "no JSON": { path: "sync/give", text: "{" },
  "JSON that is a list": { path: "sync/give", text: "[]" },
  "no wants": { path: "sync/give", text: "{}" },
  "a want that is not a list": { path: "sync/give", text: `{"wants":[1]}` },
  "a negative offset": { path: "sync/give", text: `{"wants":[["${LOG}",-1]]}` },
  "an offset with a fraction": { path: "sync/give", text: `{"wants":[["${LOG}",1.5]]}` },
  "a name that no repository has": { path: "sync/give", text: `{"wants":[["../${LOG}",0]]}`, rule: "name" },
  "nothing wanted": { path: "sync/give", text: `{"wants":[]}` },
  "a file that is not there, and one that is": {
    path: "sync/give",
    text: `{"wants":[["none/${EXP}/meta.json",0],["${LOG}",0]]}`,
  },
  "an offset beyond the end": { path: "sync/give", text: `{"wants":[["${LOG}",4000]]}` },
  "an offset at the end": { path: "sync/give", text: `{"wants":[["${LOG}",50]]}` },
  "an extent with a negative length": { path: "sync/prove", text: `{"extents":[["${LOG}",-1]]}` },
  "a proof of a name that no repository has": { path: "sync/prove", text: `{"extents":[["x"]]}`, rule: "name" },
  "a time that is text": { path: "sync/settle", text: `{"files":[["${LOG}",5,"x"]]}` },
  "times of files of another length, and of none": {
    path: "sync/settle",
    text: `{"files":[["${LOG}",5,7],["none/${EXP}/meta.json",5,7]]}`,
  },
  "no bucket": { path: "sync/inventory", text: `{"buckets":0}` },
  "too many buckets": { path: "sync/inventory", text: `{"buckets":65537}` },
  "digests of fewer buckets": { path: "sync/inventory", text: `{"buckets":4,"digests":"0000000000000000"}` },
  "digests that are not text": { path: "sync/inventory", text: `{"digests":5}` },
  "an encoding that is not known": { ...PROVE, headers: { "content-encoding": "br" } },
  "an encoding that it does not have": { ...PROVE, headers: { "content-encoding": "gzip" } },
};

/** Single requests, and what a server answers. */
export async function requestVectors(): Promise<VectorFile> {
  const folder = await Deno.makeTempDir();
  try {
    await writeState(`${folder}/server`, BEFORE);
    const routes = server(`${folder}/server`);
    const vectors: Vector[] = [];
    for (const [id, asked] of Object.entries(ASKED)) vectors.push(await vector(id, asked, routes));
    return {
      about: "Requests to a server with the files of the first vector, and its answers.",
      vectors: [{ id: "files", before: BEFORE }, ...vectors],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Headers of answers that vectors contain: not those of errors, whose words are free. */
const TOLD = /^(dbx-.*|content-range|content-digest|allow)$/;

async function vector(
  id: string,
  { method = "POST", path, text, headers: more = {}, rule }: Asked,
  routes: (request: Request) => Promise<Response>,
): Promise<Vector> {
  const url = `http://server/api/v1/${path}`;
  const bytes = text === undefined ? undefined : new TextEncoder().encode(text);
  const headers: Record<string, string | null> = {
    [PROTOCOL_HEADER]: PROTOCOL,
    "dbx-check": requestCheck(method, url, more.range ?? null),
    ...(bytes !== undefined && { "content-digest": contentDigest(bytes) }),
    ...more,
  };
  const sent = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null);
  const request = new Request(url, { method, headers: sent, body: bytes });
  const asked = {
    method,
    path: `/api/v1/${path}`,
    headers: Object.fromEntries(sent),
    ...(text !== undefined && { text }),
  };
  const response = await routes(request);
  const body = new Uint8Array(await response.arrayBuffer());
  const said = [...response.headers].filter(([name]) => TOLD.test(name) && (response.ok || name !== "content-digest"));
  const answer = {
    status: response.status,
    headers: Object.fromEntries(said.sort()),
    ...(response.ok && body.length > 0 && { body: toVector(body) }),
  };
  return { id, ...(rule !== undefined && ruleOf(rule)), request: asked, answer };
}
