/** A value of SQLite, by its storage class: INTEGER is bigint, REAL is number (never NaN), TEXT, BLOB, NULL. */
export type Value = null | bigint | number | string | Uint8Array;
