/**
 * Times on a disk have a grain: two seconds on the coarsest ones, and the runtime gives that of a change (`ctime`) in whole
 * seconds. What changed so few milliseconds ago may change again without its times telling.
 */
export const TIMESTAMP_GRANULARITY_MS = 2000;

/**
 * The grain of modification times alone on the disks of servers, which follow the clock of the system: for answers that are worth
 * remembering as soon as possible.
 */
export const CLOCK_TICK_MS = 100;
