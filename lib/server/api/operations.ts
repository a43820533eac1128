import { EXPERIMENT_OPERATIONS } from "./experiment_operations.ts";
import { FILE_OPERATIONS } from "./file_operations.ts";
import type { Operation } from "./operation.ts";
import { QUERY_OPERATIONS } from "./query_operations.ts";
import { SERVER_OPERATIONS } from "./server_operations.ts";

const ALL = { ...SERVER_OPERATIONS, ...EXPERIMENT_OPERATIONS, ...QUERY_OPERATIONS, ...FILE_OPERATIONS };

/** The name of an operation. */
export type OperationName = keyof typeof ALL;

/** Every operation of the interface, by its name. Routes, checks and the document are made of this table. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = ALL;

/** Operations that need no token. */
export type OpenOperation = {
  [Name in OperationName]: (typeof ALL)[Name]["right"] extends "open" ? Name : never;
}[OperationName];

/** Operations of whoever was let in. */
export type GuardedOperation = Exclude<OperationName, OpenOperation>;

/** Whether an operation needs no token. */
export function isOpen(name: OperationName): name is OpenOperation {
  return OPERATIONS[name].right === "open";
}
