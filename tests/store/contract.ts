import { STORE_CONTRACT } from "../../lib/store/mod.ts";
import type { Store } from "../../lib/store/store.ts";

/** The statements of the documents that an obligation proves. */
const STATEMENTS: Readonly<Record<string, string>> = {
  "create takes a stream, and never replaces": "[F23]",
  "append: a repetition changes nothing; other bytes, and a gap, are errors": "[S106, S107]",
};

/** What every store must do. `open` gives a fresh, empty one. */
export function testStore(name: string, open: () => Promise<Store & AsyncDisposable>): void {
  for (const { title, run } of STORE_CONTRACT) {
    Deno.test(`${name}: ${title} ${STATEMENTS[title] ?? ""}`.trimEnd(), async () => {
      await using store = await open();
      await run(store);
    });
  }
}
