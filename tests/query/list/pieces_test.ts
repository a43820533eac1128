import { TextPieces } from "../../../lib/query/list/text_pieces.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { assertEquals } from "../../assert.ts";

Deno.test({
  name: "Pieces: an error points into the piece that somebody wrote",
  permissions: "none",
  fn() {
    const pieces = new TextPieces();
    const written = ["id", "", "params.lr < 3\nand x", "-created"];
    const starts = written.map((piece) => pieces.add(piece));
    written.forEach((piece, at) => {
      for (let offset = 0; offset <= piece.length; offset++) {
        const error = pieces.located(new QueryError("wrong", pieces.text, starts[at] + offset)) as QueryError;
        assertEquals([error.sql, error.position, error.plainMessage], [piece, offset, "wrong"]);
        assertEquals(pieces.located(error), error);
      }
    });
    const elsewhere = new QueryError("wrong", pieces.text);
    assertEquals(pieces.located(elsewhere), elsewhere);
    assertEquals(pieces.located("other"), "other");
  },
});
