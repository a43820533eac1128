import { pagedOutputs } from "../../terminal/output.ts";
import { pagerAt } from "../pager_port.ts";
import { type PagerWords, startPager } from "./pager.ts";

/** Shows a text of dbx itself, in the pager where it is longer than the screen. */
export async function showPaged(text: string, env: Readonly<Record<string, string>>, pager: PagerWords): Promise<void> {
  const { stdout, end } = pagedOutputs(env, () => {
    const { port1, port2 } = new MessageChannel();
    // Keys that interrupt are for the pager, which has the terminal.
    Deno.addSignalListener("SIGINT", () => {});
    void startPager(port2, pager);
    return pagerAt(port1);
  });
  stdout.ownText(text);
  await end();
}
