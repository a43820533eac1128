/** What a name says of its value. */
export interface SecretName {
  /** `certain`: any value is one, unless it is plainly none. `likely`: a value is one if it looks random. */
  readonly level: "certain" | "likely";
  /** A number of so many digits or more is a secret too; undefined if numbers are not secrets. */
  readonly digits?: number;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Whole names that sound like secrets but are not: folders, a key that is public, a setting of libraries. */
const NONE = words("pwd oldpwd gpg_key tokenizers_parallelism ssh_auth_sock xauthority desktop_session xdg_session_id");

/** A name with one of these at its end is about a secret: where it lies, how long it is, what sort. */
const ABOUT = words(
  "file files path paths dir folder sock socket name names type kind len length size dim dims count num number min max " +
    "ratio rate loss acc accuracy ids index policy algorithm method mode prefix suffix ttl expiry expires timeout required " +
    "enabled hint field column header parallelism embedding embeddings weight weights manager provider store memory",
);

/** In front of `token`: tokens of text. In front of `key`: keys of tables and of dicts. */
const OF_TEXT = words(
  "pad eos bos mask unk sep cls special image video audio stop start end next prev per new max min num n total prompt completion " +
    "input output extra additional patch register class time first last decoder encoder forced begin suppress think user " +
    "system context vocab sub word text of avg tokens",
);
const OF_TABLES = words(
  "primary foreign sort public image label feature group index cache partition row metric dict map json column batch text input " +
    "output target data state num head per query registry hot any press sub main order lookup loss pred prediction monitor",
);

/** In front of `key`: a secret whatever it looks like. */
const KEYS = words(
  "api access secret private auth encryption signing account shared master service ssh app application storage deploy license " +
    "webhook hmac jwt admin root subscription consumer client rsa ecdsa host client restic age pgp",
);
const RUN_TOGETHER =
  /(?:password|passwd|passphrase|passcode|passwort|secret|apikey|accesskey|secretkey|privatekey|authkey|accountkey|sharedkey|masterkey|encryptionkey|signingkey|connectionstring|connstr)s?$|^(?:pg|db|smtp|my|user|root|ssh|mail|ftp|admin|mysql|redis|imap|proxy)pass$/;
const CERTAIN = words(
  "secret secrets credential credentials creds cred authorization webhook webhooks dsn bearer cookie cookies sas",
);
const LIKELY = words("auth session sessionid sid private signature sig salt jwt hmac cert otp totp");

/**
 * Whether the value of a name (an environment variable, an option, a key in a file) is a secret; undefined where it is not. The
 * case, and what joins the words of a name, do not matter: `DB_PASSWORD`, `db.password`, `dbPassword`.
 */
export function secretName(name: string): SecretName | undefined {
  if (name.length > 128 || NONE.has(name.toLowerCase())) return undefined;
  const parts = partsOf(name);
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const before = parts.at(-2) ?? "";
  const isWebhook = (last === "url" || last === "uri") &&
    (before === "webhook" || before === "hook" || before === "dsn");
  if (isWebhook || has(parts, "connection", "string") || has(parts, "conn", "str")) {
    return { level: "certain" };
  }
  if (has(parts, "access", "key") && last === "id") return { level: "certain" };
  if (has(parts, "session", "id")) return { level: "likely" };
  if (ABOUT.has(last)) return undefined;
  if (
    parts.some((part) => /passw(?:or)?d$|passwort$|passphrase$|passcode$|^pwd$|^mnemonic$/.test(part)) ||
    last === "pw" || has(parts, "seed", "phrase")
  ) {
    return { level: "certain", digits: 1 };
  }
  if (last === "pass" && !/^(?:forward|backward|first|second|low|high|band|all|by|n|num|per)$/.test(before)) {
    return { level: "certain", digits: 4 };
  }
  if (last === "pin" || last === "otp") return { level: "certain", digits: 4 };
  if (parts.some((part) => RUN_TOGETHER.test(part)) || CERTAIN.has(last)) return { level: "certain", digits: 8 };
  for (let at = 1; at < parts.length; at++) {
    if (/^keys?$/.test(parts[at]) && KEYS.has(parts[at - 1])) return { level: "certain", digits: 8 };
  }
  if (/token$/.test(last) && last !== "detoken") {
    return OF_TEXT.has(before) ? undefined : { level: "certain", digits: 10 };
  }
  if (last === "tokens") return OF_TEXT.has(before) ? undefined : { level: "likely" };
  if (/^keys?$/.test(last)) return OF_TABLES.has(before) ? undefined : { level: "likely" };
  // `TOKEN_OF_SOMETHING`, as people name variables.
  if (LIKELY.has(last) || (parts[0] === "token" && name === name.toUpperCase())) return { level: "likely" };
  return undefined;
}

function has(parts: readonly string[], first: string, second: string): boolean {
  return parts.some((part, at) => part === first && parts[at + 1] === second);
}

/** The words of a name in lower case, without a number at its end. */
function partsOf(name: string): string[] {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((part) => part.replace(/\d+$/, ""))
    .filter((part) => part !== "");
  return parts;
}
