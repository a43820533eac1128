import { DbxError, UsageError } from "../../../base/errors.ts";
import { findPrograms, isLoaderVariable } from "../../../fs/find_program.ts";
import { cannotReach } from "../../http/unreachable.ts";
import type { Scheme } from "../scheme.ts";
import type { SshAddress } from "./open_ssh.ts";
import { sshWords } from "./ssh_words.ts";

/** A folder of another machine, on which ssh starts `dbx serve --pipe`. */
export interface SshLocation extends SshAddress {
  readonly kind: "ssh";
}

/** `ssh://user@host:port/path`, and `user@host:path` as scp writes it. */
export const sshScheme: Scheme<SshLocation> = {
  kind: "ssh",
  forms: "ssh://, host:path",

  parse(text) {
    const ssh = /^ssh:\/\/(?:([^@/]+)@)?([^:/@]+)(?::(\d+))?(\/.*)?$/.exec(text);
    if (ssh !== null) {
      const [, user, host, port, path = "/"] = ssh;
      // `ssh://host/~/x` is below the home folder there, as git has it.
      return { kind: "ssh", host: checkHost(user, host, text), port, path: path.replace(/^\/~\//, "~/") };
    }
    const scp = /^(?:([^@/:]+)@)?([^:/@]+):(?!\/\/)(.*)$/.exec(text);
    if (scp === null || /^(file|https?):/i.test(text)) return undefined;
    const [, user, host, path] = scp;
    return { kind: "ssh", host: checkHost(user, host, text), path: path === "" ? "." : path };
  },

  address: () => undefined,

  nameOf({ path }) {
    const last = path.split("/").filter(Boolean).at(-1);
    return last === "." || last === "~" ? undefined : last;
  },

  permissions({ host }, environment) {
    const [ssh] = sshWords(environment.env);
    const programs = findPrograms([ssh], environment);
    const { path: program, code } = programs[ssh];
    if (program === undefined || code !== undefined) {
      throw new DbxError(
        cannotReach(host, program === undefined ? `there is no program "${ssh}"` : `${program} is not executable`),
      );
    }
    const loader = Object.keys(Deno.env.toObject()).filter(isLoaderVariable);
    if (loader.length === 0) return { run: [program], programs };
    const why =
      `the runtime lets a program be started with ${loader.join(", ")} in the environment only under an unscoped run ` +
      `permission, so this command line may start any program; it starts ssh`;
    return { run: true, programs, why: [why] };
  },

  async openStore(location, opening) {
    const { openSsh } = await import("./open_ssh.ts");
    return await openSsh(location, opening);
  },
};

/** A host that begins with a dash would be an option of ssh, and its settings may hand other signs to a shell. */
function checkHost(user: string | undefined, host: string, text: string): string {
  const isName = (name: string) => /^[\p{L}\p{N}_.~+][\p{L}\p{N}_.~+-]{0,254}$/u.test(name);
  if (!isName(host) || (user !== undefined && !isName(user))) {
    throw new UsageError(
      `Cannot use "${text}" as a location: a host name consists of letters, digits and ._- and does not begin with a dash`,
    );
  }
  return user === undefined ? host : `${user}@${host}`;
}
