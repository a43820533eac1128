/** Which file or folder a path leads to. */
export interface Identity {
  readonly dev: number;
  readonly ino: number | null;
}

/** Whether two looks saw the same file or folder. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
