/** Words that are never names in SQLite's grammar, unless quoted. */
const RESERVED = new Set(
  ("ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE DISTINCT " +
    "DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT NOT NOTHING " +
    "NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE UPDATE USING " +
    "VALUES WHEN WHERE").split(" "),
);

/** Words that are names behind AS and as columns, but not as an alias without AS. */
const JOINING = new Set("CROSS FULL INDEXED INNER LEFT NATURAL OUTER RIGHT".split(" "));

/** Whether a word, in capitals, can never be a name without quotes. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

/** Whether a word, in capitals, would begin a join or `INDEXED BY` behind a table. */
export function isJoining(word: string): boolean {
  return JOINING.has(word);
}
