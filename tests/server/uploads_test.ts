import { createHash } from "node:crypto";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { Random } from "../format/random.ts";
import { serve } from "./world.ts";

const SEED = Number(Deno.env.get("DBX_TEST_SEED") ?? 1);
const SIZE = 300_000;
const PARTS = 4;

/** Random bytes and their SHA-256. */
function object(random: Random): { bytes: Uint8Array<ArrayBuffer>; sha256: string } {
  const bytes = new Uint8Array(SIZE).map(() => random.below(256));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

const part = (bytes: Uint8Array<ArrayBuffer>, at: number) => bytes.slice(SIZE / PARTS * at, SIZE / PARTS * (at + 1));

/** Every object of a server's repository that is not what its name says. */
async function damaged(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of new LocalStore(path).listFiles()) {
    for (const { name, partial } of batch) {
      if (partial || !name.startsWith("objects/")) continue;
      const hash = createHash("sha256").update(await Deno.readFile(`${path}/${name}`)).digest("hex");
      if (hash !== name.slice(-64)) found.push(name);
    }
  }
  return found;
}

Deno.test("PUT /objects: a second client that sends junk, in every order, damages no object, and disturbs no upload of its own name [slow]", async () => {
  await using server = await serve();
  const random = new Random(SEED);
  const { api, path } = server;
  const put = async (sha256: string, upload: string, at: number, bytes: Uint8Array<ArrayBuffer>) => {
    const search = `offset=${SIZE / PARTS * at}&size=${SIZE}${upload === "" ? "" : `&upload=${upload}`}`;
    const response = await fetch(`${api}/objects/${sha256}?${search}`, { method: "PUT", body: bytes });
    await response.body?.cancel();
    return response.status;
  };
  for (const own of ["good", ""]) {
    // The junk comes before each part of the good one, after it, or at the same moment.
    for (let at = 0; at < PARTS; at++) {
      for (const moment of ["before", "after", "beside"]) {
        const { bytes, sha256 } = object(random);
        const junk = object(random).bytes;
        let status = 0;
        const bad = () => put(sha256, own === "" ? "" : "bad", at, part(junk, at));
        for (let now = 0; now < PARTS; now++) {
          if (now === at && own !== "" && at > 0) {
            for (let one = 0; one < at; one++) await put(sha256, "bad", one, part(junk, one));
          }
          if (now === at && moment === "before") await bad();
          const good = put(sha256, own, now, part(bytes, now));
          if (now === at && moment === "beside") await bad();
          status = await good;
          if (now === at && moment === "after") await bad();
        }
        const there = await new LocalStore(path).stat(`objects/${sha256.slice(0, 2)}/${sha256}`);
        // What the good client is told is true, and with an id of its own it is always served.
        assertEquals(there !== undefined, status === 201, `seed ${SEED}, ${own}, ${at}, ${moment}`);
        if (own !== "") assertEquals(status, 201);
        assertEquals(await damaged(path), []);
      }
    }
  }
});

Deno.test("PUT /objects: many uploads of one object at once, parts of the right one and of wrong ones mixed", async () => {
  await using server = await serve();
  const random = new Random(SEED);
  const { api, path } = server;
  const { bytes, sha256 } = object(random);
  const wrong = bytes.slice();
  wrong[SIZE - 5] ^= 1;
  const upload = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    let status = 0;
    for (let at = 0; at < PARTS; at++) {
      const search = `offset=${SIZE / PARTS * at}&size=${SIZE}&upload=${name}`;
      const response = await fetch(`${api}/objects/${sha256}?${search}`, { method: "PUT", body: part(bytes, at) });
      await response.body?.cancel();
      status = response.status;
    }
    return status;
  };
  const all = Array.from({ length: 12 }, (_, at) => upload(`u${at % 4}`, at % 2 === 0 ? bytes : wrong));
  const ended = await Promise.all(all);
  assert(ended.includes(201), String(ended));
  assertEquals(await damaged(path), []);
  // Nothing is left of those that ended.
  const left = [...Deno.readDirSync(`${path}/.dbx/incoming`)].map(({ name }) => name);
  assertEquals(left.filter((name) => name.startsWith(".tmp-")), []);
  // A body that is not what its digest says is refused before anything is kept.
  const other = object(random);
  const response = await fetch(`${api}/objects/${other.sha256}`, {
    method: "PUT",
    body: other.bytes,
    headers: { "content-digest": `sha-256=:${btoa("x".repeat(32))}:` },
  });
  assertEquals([response.status, response.headers.get("dbx-error")], [400, "checksum"]);
  await response.body?.cancel();
});
