import { scalarFunction } from "../../functions/table.ts";
import type { Scalar } from "../../plan/scalar.ts";
import type { Value } from "../../result/value.ts";
import { arithmetic, bitNot, negate } from "../../values/arithmetic.ts";
import { applyAffinity, cast, toText } from "../../values/convert.ts";
import { Fallback } from "../fallback.ts";
import { mapValues } from "./by_value.ts";
import { caseKernel } from "./choose.ts";
import { compareVectors } from "./compare.ts";
import type { ScalarContext } from "./context.ts";
import type { Compiler, Kernel, TruthKernel } from "./kernel.ts";
import { matcherOf } from "./like.ts";
import { isMember, type Members, membersOf } from "./membership.ts";
import { callText, sqliteCall } from "./sqlite_call.ts";
import { andTruth, FALSE, notTruth, orTruth, TRUE, type Truth, truthOfVector, vectorOfTruth } from "./truth.ts";

/** Makes the kernels of one scalar and its parts. */
export class ScalarCompiler implements Compiler {
  constructor(readonly context: ScalarContext) {}

  vector(scalar: Scalar): Kernel {
    switch (scalar.kind) {
      case "constant": {
        const { value } = scalar;
        return () => ({ kind: "constant", value });
      }
      case "input": {
        const { index } = scalar;
        return ({ columns }) => columns[index];
      }
      case "arithmetic": {
        const { op } = scalar;
        if (op === "->" || op === "->>") {
          return this.#map([scalar.left, scalar.right], (left, right) => sqliteCall(`:a0 ${op} :a1`, [left, right]));
        }
        return this.#map([scalar.left, scalar.right], (left, right) => arithmetic(op, left, right));
      }
      case "negate":
        return this.#map([scalar.operand], negate);
      case "bitNot":
        return this.#map([scalar.operand], bitNot);
      case "affinity":
        return this.#map([scalar.operand], (value) => applyAffinity(scalar.to, value));
      case "cast":
        return this.#map([scalar.operand], (value) => cast(scalar.to, value));
      case "case":
        return caseKernel(scalar, this);
      case "call":
        return this.#call(scalar.name, scalar.args);
      case "subquery": {
        const { plan } = scalar;
        return () => ({ kind: "constant", value: this.context.value(plan) });
      }
    }
    const truth = this.truth(scalar);
    return (batch) => vectorOfTruth(truth(batch), batch.count);
  }

  truth(scalar: Scalar): TruthKernel {
    switch (scalar.kind) {
      case "compare": {
        const left = this.vector(scalar.left);
        const right = this.vector(scalar.right);
        return (batch) => compareVectors(scalar.op, left(batch), right(batch), batch.count);
      }
      case "and":
      case "or": {
        const items = scalar.items.map((item) => this.truth(item));
        const join = scalar.kind === "and" ? andTruth : orTruth;
        const start = scalar.kind === "and" ? TRUE : FALSE;
        return (batch) => items.reduce<Truth>((truth, item) => join(truth, item(batch), batch.count), start);
      }
      case "not": {
        const operand = this.truth(scalar.operand);
        return (batch) => notTruth(operand(batch), batch.count);
      }
      case "in": {
        const operand = this.vector(scalar.operand);
        let members: Members | undefined;
        return (batch) => isMember(operand(batch), members ??= membersOf(scalar.set, this.context), batch.count);
      }
      case "like": {
        const { op, text, pattern, escape } = scalar;
        const like = this.#map(escape === undefined ? [text, pattern] : [text, pattern, escape], (text, ...rest) => {
          const matches = matcherOf(op, rest[0], rest[1]);
          return text === null || matches === undefined ? null : matches(toText(text)) ? 1n : 0n;
        });
        return (batch) => truthOfVector(like(batch), batch.count);
      }
      case "exists": {
        const { plan } = scalar;
        return () => this.context.exists(plan) ? TRUE : FALSE;
      }
    }
    const vector = this.vector(scalar);
    return (batch) => truthOfVector(vector(batch), batch.count);
  }

  #call(name: string, args: readonly Scalar[]): Kernel {
    const found = scalarFunction(name, args.length);
    if (found === undefined) {
      const text = callText(name, args.length);
      return this.#map(args, (...values) => sqliteCall(text, values));
    }
    return this.#map(args, (...values) => {
      try {
        return found.compute(...values);
      } catch (error) {
        throw new Fallback(`${name}: ${(error as Error).message}`);
      }
    });
  }

  #map(scalars: readonly Scalar[], compute: (...values: readonly Value[]) => Value): Kernel {
    const kernels = scalars.map((scalar) => this.vector(scalar));
    return (batch) => mapValues(kernels.map((kernel) => kernel(batch)), batch.count, compute);
  }
}
