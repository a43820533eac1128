/** A number on an axis, and how it is written there. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}
