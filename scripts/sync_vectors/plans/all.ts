import type { Plan } from "../scenario.ts";
import { DAMAGE } from "./damage.ts";
import { GONE } from "./gone.ts";
import { LARGE_FILES } from "./large.ts";
import { LOGS } from "./logs.ts";
import { WHOLE } from "./whole.ts";

/** All synchronisations of which there are vectors. */
export const PLANS: readonly Plan[] = [...WHOLE, ...LOGS, ...LARGE_FILES, ...GONE, ...DAMAGE];
