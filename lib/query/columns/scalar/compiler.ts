import type { Scalar } from "../../plan/plan.ts";
import { bitNot } from "../../values/arithmetic.ts";
import { arithmeticKernel, negateKernel } from "./arithmetic/arithmetic.ts";
import { valueMapper } from "./by_value.ts";
import { callKernel } from "./calls/call.ts";
import { caseKernel } from "./case/case.ts";
import { comparison } from "./conditions/compare.ts";
import type { ScalarContext } from "./context.ts";
import { affinityKernel, castKernel } from "./calls/conversions.ts";
import type { Compiler, Kernel, TruthKernel } from "./kernel.ts";
import { likeKernel } from "./conditions/like.ts";
import { logicKernel } from "./conditions/logic.ts";
import { memberKernel } from "./conditions/membership.ts";
import { RepeatedScalars } from "./repeated.ts";
import { FALSE, TRUE } from "./state.ts";
import { notTruth, truthKernel, vectorOfTruth } from "./truth.ts";

/** Makes the kernels of some scalars and their parts. What occurs twice is computed once for a batch. */
export class ScalarCompiler implements Compiler {
  readonly #repeated: RepeatedScalars;

  constructor(readonly context: ScalarContext, scalars: readonly Scalar[]) {
    this.#repeated = new RepeatedScalars(scalars);
  }

  /** Lets go of what was kept for a batch. */
  forget(): void {
    this.#repeated.forget();
  }

  vector(scalar: Scalar): Kernel {
    return this.#repeated.vector(scalar, () => this.#vector(scalar));
  }

  truth(scalar: Scalar): TruthKernel {
    return this.#repeated.truth(scalar, () => this.#truth(scalar));
  }

  isShared(scalar: Scalar): boolean {
    return this.#repeated.has(scalar);
  }

  #vector(scalar: Scalar): Kernel {
    switch (scalar.kind) {
      case "constant": {
        const { value } = scalar;
        return () => ({ kind: "constant", value });
      }
      case "input": {
        const { index } = scalar;
        return ({ columns }) => columns[index];
      }
      case "arithmetic":
        return arithmeticKernel(scalar, this);
      case "negate":
        return negateKernel(this.vector(scalar.operand));
      case "bitNot": {
        const operand = this.vector(scalar.operand);
        const byValue = valueMapper(bitNot);
        return (batch) => byValue([operand(batch)], batch.count);
      }
      case "affinity":
        return affinityKernel(scalar.to, this.vector(scalar.operand));
      case "cast":
        return castKernel(scalar.to, this.vector(scalar.operand));
      case "case":
        return caseKernel(scalar, this);
      case "call":
        return callKernel(scalar, this);
      case "subquery": {
        const { plan } = scalar;
        return () => ({ kind: "constant", value: this.context.value(plan) });
      }
    }
    const truth = this.truth(scalar);
    return (batch) => vectorOfTruth(truth(batch), batch.count);
  }

  #truth(scalar: Scalar): TruthKernel {
    switch (scalar.kind) {
      case "compare": {
        const left = this.vector(scalar.left);
        const right = this.vector(scalar.right);
        const compare = comparison(scalar.op);
        return (batch) => compare(left(batch), right(batch), batch.count);
      }
      case "and":
      case "or":
        return logicKernel(scalar, this);
      case "not": {
        const operand = this.truth(scalar.operand);
        return (batch) => notTruth(operand(batch), batch.count);
      }
      case "in":
        return memberKernel(scalar, this);
      case "like":
        return likeKernel(scalar, this);
      case "exists": {
        const { plan } = scalar;
        return () => this.context.exists(plan) ? TRUE : FALSE;
      }
    }
    return truthKernel(this.vector(scalar));
  }
}
