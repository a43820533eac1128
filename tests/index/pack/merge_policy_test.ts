import { choosePacks, MAX_PACK_BYTES, type Mergeable } from "../../../lib/index/pack/merge_policy.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random } from "../../format/random.ts";

const MB = 1024 * 1024;
const alive = (weight: number): Mergeable => ({ weight, isMostlyDead: false });

/** Writes packs and merges as the policy says; what that comes to. */
function simulate(updates: Iterable<readonly number[]>): { written: number; news: number; mostPacks: number } {
  let packs: Mergeable[] = [];
  let [written, news, mostPacks] = [0, 0, 0];
  for (const update of updates) {
    packs.push(...update.map(alive));
    for (const size of update) news += size;
    for (let range = choosePacks(packs); range !== undefined; range = choosePacks(packs)) {
      let left = packs.slice(range.from, range.to).reduce((sum, { weight }) => sum + weight, 0);
      written += left;
      const merged: Mergeable[] = [];
      for (; left > 0; left -= MAX_PACK_BYTES) merged.push(alive(Math.min(left, MAX_PACK_BYTES)));
      packs = [...packs.slice(0, range.from), ...merged, ...packs.slice(range.to)];
    }
    mostPacks = Math.max(mostPacks, packs.length);
  }
  return { written: written + news, news, mostPacks };
}

Deno.test({ name: "choosePacks: small updates are copied once per level", permissions: "none" }, () => {
  const { written, news, mostPacks } = simulate(Array.from({ length: 4000 }, () => [95_000]));
  // Of 362 MB: the packs that are read by then, and a copy per level.
  assert(written < news * 6, `${written / news} times what was new`);
  assert(mostPacks <= 40, `${mostPacks} packs`);
});

Deno.test({ name: "choosePacks: closed packs are not copied by what comes after them", permissions: "none" }, () => {
  const first = Array.from({ length: 40 }, () => MAX_PACK_BYTES);
  const { written, news } = simulate([first, ...Array.from({ length: 30 }, () => [95_000])]);
  assert(written - news < 30 * 95_000 * 4, `${(written - news) / MB} MB copied`);
});

Deno.test({ name: "choosePacks: sizes of every kind stay in few packs, in proportion", permissions: "none" }, () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const updates = Array.from({ length: 600 }, () => {
      const size = Math.ceil(10 ** (2 + random.next() * 5.4));
      return size > 8 * MB && random.next() < 0.5 ? [MAX_PACK_BYTES, MAX_PACK_BYTES, size] : [size];
    });
    const { written, news, mostPacks } = simulate(updates);
    assert(written < news * 10, `seed ${seed}: ${written / news} times what was new`);
    assert(mostPacks < 30 + 5 * news / MAX_PACK_BYTES, `seed ${seed}: ${mostPacks} packs`);
  }
});

Deno.test({ name: "choosePacks: a pack of which little counts is written anew, alone", permissions: "none" }, () => {
  const dead = { weight: MAX_PACK_BYTES, isMostlyDead: true };
  assertEquals(choosePacks([alive(MAX_PACK_BYTES), dead, alive(10)]), { from: 1, to: 2 });
  assertEquals(choosePacks([alive(MAX_PACK_BYTES), alive(MAX_PACK_BYTES), alive(10), alive(20)]), undefined);
});
