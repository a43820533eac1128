import type { Rule } from "./rule.ts";
import { ADDRESS_RULES } from "./addresses.ts";
import { ASSIGNMENT_RULE } from "./assignments.ts";
import { COMMAND_LINE_RULES } from "./command_lines.ts";
import { HEADER_RULES } from "./headers.ts";
import { PREFIXED_RULES } from "./prefixed.ts";
import { PRIVATE_KEY_RULES } from "./private_keys.ts";
import { SERVICE_RULES } from "./services.ts";

/** All rules for texts. Where two find the same, the first one gives its name. */
export const RULES: readonly Rule[] = [
  ...PRIVATE_KEY_RULES,
  ...PREFIXED_RULES,
  ...SERVICE_RULES,
  ...ADDRESS_RULES,
  ...HEADER_RULES,
  ...COMMAND_LINE_RULES,
  ASSIGNMENT_RULE,
];
