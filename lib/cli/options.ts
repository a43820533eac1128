/** One option of a command, written `--name`. */
export interface OptionSpec {
  readonly name: string;
  /** A single letter: `-f`. */
  readonly short?: string;
  /**
   * - `flag`: no value (`--no-x` unsets it).
   * - `optional`: a flag that may also have a value, written `--name=VALUE`.
   * - `text`: the last one wins.
   * - `list`: may be repeated.
   * - `number`: a finite number.
   * - `count`: a whole number, 0 or more.
   */
  readonly kind: "flag" | "optional" | "text" | "list" | "number" | "count";
  /** What the value is called in the help, such as `DIR`. */
  readonly value?: string;
  readonly help: string;
  /** What the help names as the default; only that of a flag, `on`, is applied by the parser. */
  readonly default?: string;
  /** Whether help and completions leave it out: dbx itself uses it. */
  readonly hidden?: boolean;
  /** Of a number: whether it is above 0. */
  readonly positive?: boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
}

/** What an option of each kind is after parsing: a flag and a list are always there, all else only where it was given. */
interface ValueOf<Text extends string> {
  readonly flag: boolean;
  readonly optional: boolean | string;
  readonly text: Text | undefined;
  readonly list: readonly string[];
  readonly number: number | undefined;
  readonly count: number | undefined;
}

/** The value of an option. */
export type OptionValue<Spec extends OptionSpec> = ValueOf<
  Spec extends { readonly choices: readonly (infer Choice extends string)[] } ? Choice : string
>[Spec["kind"]];

/**
 * A command line after parsing. The types of its options come from their specs, so that a name with a typo does not compile:
 * `Parsed<typeof OPTIONS>` of `const OPTIONS = [...] as const satisfies readonly OptionSpec[]`.
 */
export interface Parsed<Specs extends readonly OptionSpec[] = readonly OptionSpec[]> {
  /** By option name. */
  readonly options: { readonly [Spec in Specs[number] as Spec["name"]]: OptionValue<Spec> };
  readonly positionals: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
}
