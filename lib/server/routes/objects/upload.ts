import { createHash } from "node:crypto";
import type { Parameter } from "../../api/contract.ts";
import { query } from "../../api/parts.ts";
import { like } from "../../api/schema.ts";
import type { Call } from "../call.ts";

export const SHA256: Parameter = {
  name: "sha256",
  in: "path",
  help: "64 hexadecimal digits",
  schema: like("^[0-9a-f]{64}$"),
};
export const UPLOAD = query(
  "upload",
  "the name of the upload; by default all uploads with the same token share one",
  like("^[0-9a-z]{1,64}$"),
);

/** Whose upload a request goes on with: as it says, or else that of all who ask with the same token. */
export function uploadOf({ request: { headers }, url }: Call): string {
  const upload = url.searchParams.get("upload");
  if (upload !== null) return upload;
  const who = `${headers.get("authorization") ?? ""}\n${headers.get("cookie") ?? ""}`;
  return createHash("sha256").update(who).digest("hex").slice(0, 16);
}
