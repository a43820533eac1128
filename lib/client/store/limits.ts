/** Bytes of an answer that is read as a whole: a listing, prefix hashes. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
