import { ID_LENGTH } from "../../base/ids.ts";
import { logFile, runFolder } from "./names.ts";

/** Systems that people copy repositories to and that hold fewer names than Linux. */
export type System = "Windows" | "macOS";

/** Why some systems cannot hold a name, or not as it is. */
export interface Unportable {
  readonly why: string;
  readonly systems: readonly System[];
}

/** UTF-16 units that one segment, and a path below the repository, may have everywhere: Windows takes 260 in all. */
export const PORTABLE_SEGMENT = 255;
export const PORTABLE_PATH = 240;

/** Device names of Windows, which also hold a file that has one before its first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i;

/** Why one file or folder cannot have that name everywhere. */
export function unportableSegment(segment: string): Unportable[] {
  const found: Unportable[] = [];
  const characters = [...new Set(segment.match(/[<>:"|?*]/g))];
  if (characters.length > 0) found.push({ why: `it holds ${characters.join(" ")}`, systems: ["Windows"] });
  if (/[. ]$/.test(segment)) found.push({ why: "it ends with a dot or a space", systems: ["Windows"] });
  if (DEVICE.test(segment)) found.push({ why: "it is the name of a device there", systems: ["Windows"] });
  if (segment.normalize("NFC") !== segment) {
    found.push({ why: "its letters are not composed (NFC), which tools there change", systems: ["macOS"] });
  }
  if (segment.length > PORTABLE_SEGMENT) {
    found.push({ why: `it has more than ${PORTABLE_SEGMENT} UTF-16 units`, systems: ["Windows", "macOS"] });
  }
  return found;
}

/** Why a path below the repository may be too long. */
export function unportablePath(path: string): Unportable | undefined {
  if (path.length <= PORTABLE_PATH) return undefined;
  return { why: `its path has ${path.length} UTF-16 units, more than ${PORTABLE_PATH}`, systems: ["Windows"] };
}

/** Names that are the same on a system that ignores case and the composition of letters have the same key. */
export function foldedName(segment: string): string {
  return segment.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}

/** The longest path that dbx makes below the folder of a name. */
const BELOW = `/${logFile(runFolder("0".repeat(ID_LENGTH), "0".repeat(ID_LENGTH)), "printed_stderr")}`;

/** The warning about a name of an experiment that only some systems can store; undefined where all can. */
export function warningOfName(name: string): string | undefined {
  if (name === "") return undefined;
  const found = [...name.split("/").flatMap(unportableSegment), unportablePath(name + BELOW)];
  const first = found.find((item) => item !== undefined);
  if (first === undefined) return undefined;
  return describeUnportable(name, first);
}

/** What to say of a name. */
export function describeUnportable(name: string, { why, systems }: Unportable): string {
  return `${systems.join(" and ")} cannot store the name ${JSON.stringify(name)}: ${why}`;
}
