/** The logic of three values, in such an order that AND is the least of its operands and OR the greatest. */
export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;

/** Whether one thing is true. */
export type State = typeof FALSE | typeof UNKNOWN | typeof TRUE;

/** Undefined is unknown. */
export function truthOfValue(value: boolean | undefined): State {
  return value === undefined ? UNKNOWN : value ? TRUE : FALSE;
}
