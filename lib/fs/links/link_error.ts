import { DbxError } from "../../base/errors.ts";

/** Something below a root is reached through a symbolic link, or is one. */
export class LinkError extends DbxError {
  override name = "LinkError";
  constructor(
    /** Relative to the root. */
    readonly link: string,
  ) {
    super(
      `Cannot use "${link}": it is a symbolic link, and dbx does not follow links inside a repository; replace it with what it points to`,
    );
  }
}

/**
 * A file has several names, and stands in a folder where others may make such: the other name may be that of a file which
 * is none of this repository's.
 */
export class HardLinkError extends DbxError {
  override name = "HardLinkError";
  constructor(
    /** Relative to the root. */
    readonly link: string,
  ) {
    super(
      `Cannot write "${link}": it is a hard link in a folder where others may write; replace it with a copy (cp, then mv)`,
    );
  }
}
