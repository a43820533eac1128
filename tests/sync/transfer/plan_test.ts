import { makePlan } from "../../../lib/sync/transfer/plan.ts";
import type { FileEntry } from "../../../lib/store/store.ts";
import { assertEquals } from "../../assert.ts";

const LOG = "0000000000exp/runs/0000000000run/log.jsonl";
const OBJECT = `objects/aa/${"a".repeat(64)}`;

function inventory(...entries: readonly FileEntry[]) {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

Deno.test(
  { name: "makePlan: only files of equal length and trusted, equal time are the same", permissions: "none" },
  () => {
    const ours = inventory({ name: LOG, kind: "log", size: 10, modifiedAt: 5 });
    const compared = (theirs: Partial<FileEntry>, trusts = true) => {
      const { compare, missing } = makePlan(
        ours,
        inventory({ name: LOG, kind: "log", size: 10, modifiedAt: 5, ...theirs }),
        {
          trust: () => trusts,
        },
      );
      return [compare.length, missing.length];
    };
    assertEquals(compared({}), [0, 0]);
    assertEquals(compared({}, false), [1, 0]);
    assertEquals(compared({ modifiedAt: 6 }), [1, 0]);
    assertEquals(compared({ size: 8 }), [1, 0]);
    assertEquals(makePlan(ours, inventory()).missing.map(({ offset }) => offset), [0]);
    // An object is what its name says.
    const [one, other] = [
      inventory({ name: OBJECT, kind: "object", size: 3 }),
      inventory({ name: OBJECT, kind: "object", size: 4 }),
    ];
    assertEquals([makePlan(one, one).compare.length, makePlan(one, other).compare.length], [0, 1]);
  },
);
