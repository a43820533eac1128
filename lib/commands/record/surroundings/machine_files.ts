/** The files of the system that tell what the machine is. */
export const MACHINE_FILES: readonly string[] = ["/proc/cpuinfo", "/.dockerenv", "/run/.containerenv"];
