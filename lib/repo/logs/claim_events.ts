/**
 * The first event of the log `dbx` of a run that was claimed: either its claimer writes `dbx/claim` there, and then
 * starts, or a process that finds the claim expired writes `dbx/expired`, and then it never starts. One line can be
 * first.
 */
export const CLAIM_EVENT = "dbx/claim";
export const EXPIRED_EVENT = "dbx/expired";
