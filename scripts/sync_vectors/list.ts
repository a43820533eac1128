/** One vector: an id that is unique in its list, what is given and what is expected. */
export type Vector = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A file with many vectors of one kind. */
export interface List {
  /** What the vectors are of. */
  readonly about: string;
  readonly vectors: readonly Vector[];
}

/** Characters that nobody sees, or that break lines in some editors. */
const INVISIBLE = /[\x7f-\xa0\u0300-\u036f\u200b-\u200f\u2028\u2029\ufeff]/g;

/** The JSON of a list: one vector in each line. */
export function listText({ about, vectors }: List): string {
  if (new Set(vectors.map(({ id }) => id)).size < vectors.length) {
    throw new Error(`"${about}" has two vectors of one id`);
  }
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(",\n");
  return visible(`{\n"about": ${JSON.stringify(about)},\n"vectors": [\n${lines}\n]\n}\n`);
}

/** JSON in which each character can be seen. */
export function visible(json: string): string {
  return json.replace(INVISIBLE, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
}
