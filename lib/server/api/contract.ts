import type { ObjectSchema, Schema } from "./schema.ts";

/** A parameter of a request. Of a query string; in a path it is as the route's `path` says. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly help: string;
  /** Of what the text stands for: an integer or a boolean where it says so. A list may be given several times. */
  readonly schema: ObjectSchema;
  readonly required?: boolean;
  /** A prefix that stands for all names that start with it, as `param.` stands for `param.lr`. */
  readonly prefix?: string;
  readonly example?: string | number | boolean;
}

/** What a request sends. */
export interface Body {
  readonly type: string;
  readonly help: string;
  /** Of JSON. Others are bytes or lines, and are looked into by their routes. */
  readonly schema?: ObjectSchema;
  /** Bytes, as sent and when they are unpacked. */
  readonly bytes: number;
  /** Whether there must be one. Default: whether the schema requires a member. */
  readonly required?: boolean;
  readonly examples?: Readonly<Record<string, unknown>>;
}

/** A header of an answer. */
export interface AnswerHeader {
  readonly help: string;
  readonly schema: ObjectSchema;
  readonly required?: boolean;
}

/** An answer. */
export interface Answer {
  readonly help: string;
  /** What it is by its media type; none: no body. */
  readonly content?: Readonly<Record<string, Schema>>;
  readonly headers?: Readonly<Record<string, AnswerHeader>>;
  /** Routes that take something of the answer: a parameter, and the member that is meant. */
  readonly links?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a route takes and answers: its requests are checked by this, and the interface's document is made of it. */
export interface Contract {
  /** What there is to say beside the summary. */
  readonly help?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Errors beside those that any request may meet. */
  readonly errors?: readonly number[];
}
