/** Answers what it is given. */
export type Answerer<Given> = (given: Given) => Promise<Response> | Response;

/** A step on the way to an answer: it refuses by throwing, answers by itself, or lets the next one answer. */
export type Middleware<Given> = (given: Given, next: Answerer<Given>) => Promise<Response> | Response;

/** What is given passes these steps from top to bottom, and its answer from bottom to top. */
export function compose<Given>(steps: readonly Middleware<Given>[], last: Answerer<Given>): Answerer<Given> {
  return steps.reduceRight<Answerer<Given>>((next, step) => (given) => step(given, next), last);
}

/** A step that refuses, by throwing, or lets pass. */
export function check<Needed>(
  refuse: (given: Needed) => void,
): <Given extends Needed>(given: Given, next: Answerer<Given>) => Promise<Response> | Response {
  return (given, next) => {
    refuse(given);
    return next(given);
  };
}
