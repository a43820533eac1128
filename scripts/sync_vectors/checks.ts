import { contentDigest, crcOf, objectDigest, requestCheck, statCheck } from "../../lib/protocol/integrity.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { type Bytes, fromVector } from "./pieces.ts";
import { sha256Of } from "./samples.ts";

/** Checksums of requests, of bodies and of what is said of a file. */
export function checkVectors(): VectorFile {
  return {
    about: "Checksums: dbx-check of requests and of answers to HEAD, Content-Digest, Repr-Digest, and CRC-32.",
    vectors: [
      request("POST", "/api/v1/sync/prove"),
      request("POST", "/repos/lab/api/v1/sync/prove"),
      request("POST", "/behind/a/proxy/repos/lab/api/v1/sync/prove", null, "/repos/lab/api/v1/sync/prove"),
      request("GET", "/x/api/v1/files/dbx.json", "bytes=0-99", "/api/v1/files/dbx.json"),
      request("HEAD", "/api/v1/files/gr%C3%B6%C3%9Fe/0000000000exp/meta.json"),
      request("GET", "/api/v1/files/"),
      request("POST", "/api/v1/sync/take?a=1&b=%20"),
      head("file", "410", "1767258004000"),
      head("folder", "0", null),
      head("file", "0", "-1"),
      body("an empty body", { text: "" }),
      body("an object without keys", { text: "{}" }),
      body("text beyond ASCII", { text: "größe 🚀\n" }),
      body("all bytes", { hex: Uint8Array.from({ length: 256 }, (_, at) => at).toHex() }),
      body("a MiB of zeros", { pieces: [["00", 1024 * 1024]] }),
      { id: "an object by its name", of: "object", sha256: sha256Of("a"), "repr-digest": objectDigest(sha256Of("a")) },
    ],
  };
}

function request(method: string, path: string, range: string | null = null, target = path): Vector {
  const said = range === null ? "" : `, ${range}`;
  const check = requestCheck(method, `http://server${path}`, range);
  if (check !== crcOf(`${method} ${target}\n${range ?? ""}\n`)) throw new Error(`the target of ${path} is another one`);
  return { id: `${method} ${path}${said}`, of: "request", method, path, range, target, "dbx-check": check };
}

function head(kind: string, size: string, time: string | null): Vector {
  const headers = { "dbx-kind": kind, "dbx-size": size, ...(time !== null && { "dbx-modified-at": time }) };
  return { id: `HEAD of a ${kind}, ${size}, ${time}`, of: "head", headers, "dbx-check": statCheck(kind, size, time) };
}

function body(id: string, bytes: Bytes): Vector {
  const all = fromVector(bytes);
  return { id, of: "bytes", bytes, "content-digest": contentDigest(all), "crc-32": crcOf(all) };
}
