import { parseColumn, splitColumns } from "../../../lib/query/schema/column_aliases.ts";
import { assertEquals } from "../../assert.ts";

Deno.test({ name: "splitColumns: commas within quotes are of the name", permissions: "none" }, () => {
  assertEquals(splitColumns("id, params.lr ,min:loss"), ["id", "params.lr", "min:loss"]);
  assertEquals(splitColumns(`params."a,b",params."a""b,c",id`), [`params."a,b"`, `params."a""b,c"`, "id"]);
  assertEquals(splitColumns("id,,name"), ["id", "", "name"]);
  assertEquals(splitColumns(`params."a`), [`params."a`]);
  assertEquals(splitColumns(""), [""]);
  assertEquals(parseColumn(`params."a,b"`).parts.map(({ text }) => text), ["params", "a,b"]);
});
