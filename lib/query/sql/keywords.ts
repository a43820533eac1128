/** Words that are never names in SQLite's grammar, unless quoted. */
const RESERVED = new Set(
  ("ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE DISTINCT " +
    "DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT NOT NOTHING " +
    "NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE UPDATE USING " +
    "VALUES WHEN WHERE").split(" "),
);

/** Words that are names behind AS and as columns, but not as an alias without AS. */
const JOINING = new Set("CROSS FULL INDEXED INNER LEFT NATURAL OUTER RIGHT".split(" "));

/** Words with a meaning of their own in some places, and names elsewhere. */
const NON_RESERVED = new Set(
  ("ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CURRENT CURRENT_DATE CURRENT_TIME " +
    "CURRENT_TIMESTAMP DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN FAIL FALSE FILTER FIRST FOLLOWING FOR " +
    "GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INITIALLY INSTEAD KEY LAST LIKE MATCH MATERIALIZED NO NULLS OF OFFSET OTHERS OVER " +
    "PARTITION PLAN PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT ROLLBACK ROW ROWS " +
    "SAVEPOINT TEMP TEMPORARY TIES TRIGGER TRUE UNBOUNDED VACUUM VIEW VIRTUAL WINDOW WITH WITHIN WITHOUT").split(" "),
);

/** Whether a word, in capitals, can never be a name without quotes. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

/** Whether a word, in capitals, would begin a join or `INDEXED BY` behind a table. */
export function isJoining(word: string): boolean {
  return JOINING.has(word);
}

/** Whether a word, in capitals, means something to SQLite in any place. */
export function isKeyword(word: string): boolean {
  return RESERVED.has(word) || JOINING.has(word) || NON_RESERVED.has(word);
}
