/** The logic of three values, such that AND and OR are those of their bits; what is TRUE has the second bit. */
export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 3;

/** Whether one thing is true. */
export type State = typeof FALSE | typeof UNKNOWN | typeof TRUE;

/** Whether something is true: row by row, or in all rows alike. Arrays may be longer than the batch. */
export type Truth = Uint8Array | State;

/** Undefined is unknown. */
export function truthOfValue(value: boolean | undefined): State {
  return value === undefined ? UNKNOWN : value ? TRUE : FALSE;
}
