import { type Route, type RouteName, ROUTES } from "../../lib/protocol/route_table.ts";
import type { Contract } from "../../lib/server/api/contract.ts";
import { GUARDED_ENDPOINTS, OPEN_ENDPOINTS } from "../../lib/server/routes/handlers.ts";

/** A route with what it takes and answers. */
export type Operation = Route & Contract;

const CONTRACTS: Readonly<Record<RouteName, Contract>> = { ...OPEN_ENDPOINTS, ...GUARDED_ENDPOINTS };

/** All of them. */
export const OPERATIONS: readonly (Operation & { readonly name: RouteName })[] = Object.entries(ROUTES).map((
  [name, route],
) => ({ ...route, ...CONTRACTS[name as RouteName], name: name as RouteName }));
