/** What somebody may do: `write` includes `read`, and `control` both. */
export type Role = "read" | "write" | "control";

/** All roles, from the least to the greatest. */
export const ROLES: readonly Role[] = ["read", "write", "control"];

/** Whether a role includes another. */
export function includes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
