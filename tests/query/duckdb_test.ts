import { assertEquals } from "../assert.ts";

// DuckDB is 64 MB, which nobody should have to download who runs dbx from source: it is mapped in a configuration of its own,
// and this test is a process of its own.
Deno.test("query: DuckDB says the same, where its dialect does [slow]", async () => {
  const config = new URL("../../scripts/bench/duckdb/deno.json", import.meta.url).pathname;
  const oracle = new URL("duckdb_oracle.ts", import.meta.url).pathname;
  const args = ["test", "-A", "--quiet", "--config", decodeURIComponent(config), decodeURIComponent(oracle)];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  assertEquals(code, 0, said);
});
