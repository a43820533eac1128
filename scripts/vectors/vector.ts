/** One test vector: an id that is unique in its file, what is given and what is expected. */
export type Vector = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A file of vectors. */
export interface VectorFile {
  /** What the vectors are of, in one sentence. */
  readonly about: string;
  readonly vectors: readonly Vector[];
}

/** Bytes as they stand in a vector: a text whose UTF-8 they are, or hexadecimal digits where they are not UTF-8. */
export type Bytes = { readonly text: string } | { readonly hex: string };

/** Characters that are invisible, or that break lines in some editors. */
const INVISIBLE = /[\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]/g;

/** The JSON of a file of vectors: one vector per line, in ASCII where a character is not visible. */
export function vectorText({ about, vectors }: VectorFile): string {
  const ids = new Set(vectors.map(({ id }) => id));
  if (ids.size < vectors.length) throw new Error(`"${about}" has two vectors with one id`);
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(",\n");
  return visible(`{\n"about": ${JSON.stringify(about)},\n"vectors": [\n${lines}\n]\n}\n`);
}

/** JSON in which characters that are not visible are escaped. */
export function visible(json: string): string {
  return json.replace(INVISIBLE, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** The same vectors, each with the statements of FORMAT.md that it is about. */
export function under(spec: string | readonly string[], vectors: readonly Vector[]): readonly Vector[] {
  return vectors.map((vector) => ({ ...vector, spec }));
}
