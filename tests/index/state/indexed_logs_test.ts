import { KnownLogs } from "../../../lib/index/state/indexed_logs.ts";
import { Pack } from "../../../lib/index/pack/pack.ts";
import { PackBuilder } from "../../../lib/index/pack/pack_builder.ts";
import { writePart } from "../../../lib/index/parts/write_part.ts";
import { WordTable } from "../../../lib/index/encoding/word_table.ts";
import { assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

interface Part {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly tail: number;
}

function packOf(parts: readonly Part[]): Pack {
  const builder = new PackBuilder();
  for (const { path, from, to, before, tail } of parts) {
    const place = {
      path,
      version: 1 as const,
      from,
      firstLine: from,
      size: to,
      modifiedAt: tail,
      head: 1,
      tail,
      before,
    };
    const empty = { groups: new Map(), words: new WordTable(), badLines: [], untimed: 0 };
    const columns = { ...empty, lines: to - from, bytes: to - from, overflow: false, leavesOverflow: false };
    writePart(builder, { ...place, sections: [], base: () => 0 }, columns);
  }
  return Pack.inMemory(builder);
}

/** The same by the plain rule: a part from 0 replaces, one that follows is added, any other takes what is there away. */
function expected(packs: readonly (readonly Part[])[]): Map<string, Part[]> {
  const known = new Map<string, Part[]>();
  for (const part of packs.flat()) {
    const last = known.get(part.path)?.at(-1);
    if (part.from === 0) known.set(part.path, [part]);
    else if (last?.to === part.from && last.tail === part.before) known.get(part.path)!.push(part);
    else known.delete(part.path);
  }
  return known;
}

function randomParts(random: Random, all: readonly (readonly Part[])[]): Part[] {
  const names = ["log.jsonl", "a/log.jsonl", "a/b.jsonl", "b/log.jsonl", "a/ü/log.jsonl", "日本/x.jsonl", "log"];
  const parts: Part[] = [];
  for (let left = random.below(12); left > 0; left--) {
    const path = names[random.below(names.length)];
    const last = expected([...all, parts]).get(path)?.at(-1);
    const isNew = last === undefined ? random.below(5) > 0 : random.below(4) === 0;
    const from = isNew ? 0 : (last?.to ?? 5) + (random.below(8) === 0 ? 1 : 0);
    const before = isNew ? 0 : random.below(8) === 0 ? 77 : last?.tail ?? 3;
    parts.push({ path, from, to: from + 1 + random.below(3), before, tail: random.below(1000) });
  }
  return parts;
}

Deno.test({
  name: "KnownLogs: parts that follow, replace or miss one another, also on top of others",
  permissions: "none",
}, () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (let turn = 0; turn < 300; turn++) {
    const all: Part[][] = [];
    for (let left = 1 + random.below(4); left > 0; left--) all.push(randomParts(random, all));
    const packs = all.map(packOf);
    const partsOf = (known: KnownLogs, path: string) => {
      const log = known.find(path);
      if (log === undefined) return undefined;
      return known.get(log).parts.map(({ pack, part }) => all[packs.indexOf(pack)][part]);
    };
    const whole = new KnownLogs(packs);
    const wanted = expected(all);
    const told = `seed ${seed}, turn ${turn}`;
    for (const path of new Set(all.flat().map(({ path }) => path))) {
      assertEquals(partsOf(whole, path), wanted.get(path), `${told}: ${path}`);
    }
    // With what was found out about the same packs before, no path is looked at.
    const again = new KnownLogs(packs, undefined, whole.before);
    for (const log of whole.logs()) assertEquals(again.get(log), whole.get(log), told);
    // A few are looked for without a table, further ones with one.
    const paths = [...new Set(all.flat().map(({ path }) => path)), "a/log.json", "log"];
    for (let asked = 0; asked < 60; asked++) {
      const path = paths[asked % paths.length];
      assertEquals(again.find(path), whole.find(path), `${told}: ${path}, asked ${asked}`);
    }
    assertEquals(whole.find("a/log.json"), undefined);
    assertEquals(whole.size, wanted.size, told);
    const used = [...whole.partsInUse().values()].reduce((sum, count) => sum + count, 0);
    assertEquals(used, [...wanted.values()].flat().length, told);
    // What stands in memory goes on where the files end; what it has no part of is told by the files.
    const base = new KnownLogs(packs.slice(0, -1));
    const top = new KnownLogs(packs.slice(-1), base);
    for (const [path, parts] of wanted) assertEquals(partsOf(top, path), parts, `${told}: ${path} on top`);
  }
});
