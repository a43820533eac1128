/** Words that start ssh: `DBX_SSH`, split at spaces, or `ssh`. */
export function sshWords(env: Readonly<Record<string, string | undefined>>): string[] {
  const words = (env.DBX_SSH ?? "").split(" ").filter((word) => word !== "");
  return words.length > 0 ? words : ["ssh"];
}
