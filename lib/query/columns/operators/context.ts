import type { Yielder } from "../../../base/yielder.ts";
import type { ScalarContext } from "../scalar/context.ts";

/** What every operator gets beside its plan and its inputs. */
export interface OperatorContext {
  readonly scalars: ScalarContext;
  /** Passed now and then in long loops, so that signals are heard. */
  readonly yielder: Yielder;
}
