/** Numbers by name. `step` is the step, and `epoch` stands beside it where a line names both. */
export type Scalars = Record<string, number>;

/** Finds the numbers in lines of one format. It may keep what earlier lines of the stream said. */
export interface LineFormat {
  /** The program or library whose format it is, as people know it. */
  readonly format: string;
  /** The numbers of a line; undefined where it has none, or is of another format. Must be quick about other lines. */
  recognise(line: string): Scalars | undefined;
}

/** The scalars, unless there are none besides the step and the epoch. */
export function orNothing(scalars: Scalars): Scalars | undefined {
  for (const name in scalars) if (name !== "step" && name !== "epoch") return scalars;
  return undefined;
}
