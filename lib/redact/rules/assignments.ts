import { type SecretName, secretName } from "./secret_names.ts";
import type { Finding, Rule } from "./rule.ts";
import { isNumber, isPath, isPlaceholder, looksRandom } from "./secret_values.ts";

/** What gives a value, behind a name. */
const SIGN = /(?:=>|:=|==?|[:>])\s{0,8}/y;
/** A text in quotes, which may be escaped themselves, or be cut off. */
const QUOTED =
  /(?:[a-zA-Z]{1,2}(?=["']))?(?<open>\\*["'`])(?<inside>(?:(?!\k<open>)(?:\\.|[^\\])){0,4000}?)(?:(?=\k<open>)|$)/y;
/** What goes on to a space, or to the next name behind a comma. */
const BARE = /(?:(?!,\s*\\*["']?[\w.-]+\\*["']?\s*[=:])[^\s"'`&;|<>\\]){1,4000}/y;

/** Values that are given to names in any text: `.env` files, YAML, JSON, source code, command lines, printed settings. */
export const ASSIGNMENT_RULE: Rule = {
  name: "name",
  what: "the value of a name such as password, api_key, access_token, client_secret",
  source:
    "names in the documentation of many services, `.env` files, and Kubernetes, Spring, Rails and Django settings",
  anchors: [
    ...("pass pwd secret apikey api_key api-key access_key access-key accesskey private_key private-key privatekey auth_key auth-key " +
      "account_key account-key accountkey signing_key signing-key encryption_key encryption-key shared_key master_key ssh_key token " +
      "credential creds cred= cred: webhook dsn mnemonic seed_phrase connection_string connectionstring conn_str connstr cookie _auth " +
      "app_key storage_key deploy_key license_key service_key session_key hmac_key jwt_key").split(" "),
    ...["pw", "pin", "otp", "_key"].flatMap((name) => [`${name}=`, `${name}:`, `${name} =`, `${name}"`, `${name}'`]),
    'key="',
    "key='",
    '"auth"',
    // The same, escaped in JSON.
    'key=\\"',
    '_key\\"',
    'auth\\"',
  ],
  find(text) {
    const found: Finding[] = [];
    for (const { name, known, from, sign, at } of namesIn(text)) {
      if (from < (found.at(-1)?.end ?? 0)) continue;
      const value = valueAt(text, at);
      if (value === undefined || !isSecret(known, name, value, { sign, isEnd: value.end === text.length })) continue;
      found.push({ start: value.start, end: value.end, from });
    }
    return found;
  },
  catches: 'password = "hunter2"',
  leaves: 'password = os.environ["DB_PASSWORD"]',
};

/** A secret's name, and where its value begins. */
interface Named {
  readonly name: string;
  readonly known: SecretName;
  readonly from: number;
  /** What stands between; only spaces behind an option. */
  readonly sign: string;
  readonly at: number;
}

const [EQUALS, COLON, GREATER, HYPHEN, DOLLAR, SPACE, TAB, BACKSLASH] = [..."=:>-$ \t\\"].map((sign) =>
  sign.charCodeAt(0)
);
/** What may stand between a name and its sign: quotes and brackets that end there. */
const CLOSING = new Set([...`"'\`\\])`].map((sign) => sign.charCodeAt(0)));
const MAX_NAME_LENGTH = 100;
const MAX_SPACES = 8;

/**
 * The names of secrets in a text that get values. No pattern: most of a log is names that get values, and each pass over it
 * counts.
 */
function namesIn(text: string): Named[] {
  const found: Named[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === EQUALS || code === COLON || code === GREATER) {
      const before = at === 0 ? 0 : text.charCodeAt(at - 1);
      if (before === EQUALS || before === COLON || (code === GREATER && before === HYPHEN)) continue;
      let end = at;
      const closest = code === GREATER ? at : at - MAX_SPACES;
      while (end > closest && isSpace(text.charCodeAt(end - 1))) end--;
      while (end > 0 && CLOSING.has(text.charCodeAt(end - 1))) end--;
      let from = end;
      while (from > 0 && end - from <= MAX_NAME_LENGTH && isOfName(text.charCodeAt(from - 1))) from--;
      if (from < end && isEscaped(text, from)) from++;
      if (from === end || end - from > MAX_NAME_LENGTH || text.charCodeAt(from - 1) === DOLLAR) continue;
      const name = text.slice(from, end);
      const known = cachedName(name);
      if (known === undefined) continue;
      SIGN.lastIndex = at;
      const sign = SIGN.exec(text)![0];
      if (at + sign.length < text.length) found.push({ name, known, from, sign, at: at + sign.length });
    } else if (code === HYPHEN && (at === 0 || !isOfName(text.charCodeAt(at - 1)) || isEscaped(text, at - 1))) {
      let end = at + 1;
      while (end < text.length && end - at <= MAX_NAME_LENGTH && isOfName(text.charCodeAt(end))) end++;
      let value = end;
      while (value < text.length && isSpace(text.charCodeAt(value))) value++;
      const name = text.slice(at, end);
      const known = value > end && value < text.length ? cachedName(name) : undefined;
      if (known !== undefined) found.push({ name, known, from: at, sign: text.slice(end, value), at: value });
      at = end - 1;
    }
  }
  return found;
}

/** Whether a letter belongs to what a backslash escapes, as `n` does in `\n`. */
function isEscaped(text: string, at: number): boolean {
  return at > 0 && text.charCodeAt(at - 1) === BACKSLASH;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Letters and digits of ASCII, `_`, `-` and `.`. */
function isOfName(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 ||
    code === 45 || code === 46;
}

/** The same few names come in each line. */
const names = new Map<string, SecretName | undefined>();
const MAX_NAMES = 2000;

function cachedName(name: string): SecretName | undefined {
  if (names.has(name)) return names.get(name);
  const known = secretName(name);
  if (names.size >= MAX_NAMES) names.clear();
  names.set(name, known);
  return known;
}

interface Value {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function valueAt(text: string, at: number): Value | undefined {
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(text);
  if (quoted !== null) {
    const inside = quoted.groups!.inside;
    const start = at + quoted[0].length - inside.length;
    return { text: inside, start, end: start + inside.length, isQuoted: true };
  }
  BARE.lastIndex = at;
  const bare = BARE.exec(text)?.[0];
  if (bare === undefined) return undefined;
  const value = bare.replace(/(?:[),\]}]|\.$)+$/, "");
  return { text: value, start: at, end: at + value.length, isQuoted: false };
}

function isSecret(
  known: SecretName,
  name: string,
  { text: value, isQuoted }: Value,
  { sign, isEnd }: { readonly sign: string; readonly isEnd: boolean },
): boolean {
  if (isPlaceholder(value) || isPath(value)) return false;
  const isOption = sign.trim() === "";
  if (isNumber(value)) {
    return known.digits !== undefined && value.replace(/\D/g, "").length >= Math.max(3, known.digits);
  }
  if (isQuoted) {
    // A sentence in quotes is what a program says of a secret; a pass phrase is one too.
    const isSentence = /\s/.test(value) && known.digits !== 1;
    return !isSentence && (known.level === "certain" ? value.length >= 3 : isLong(value));
  }
  if (sign.startsWith("==")) return false;
  // A call, an index, a member of an object: source code says where the secret comes from.
  if (/^[\w.]*[A-Za-z_]\w*[([{]/.test(value) || /^[a-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value)) return false;
  if (/^(?:Optional|Secret)?(?:Str|String|Bytes|Text)$/i.test(value) || value.toLowerCase() === name.toLowerCase()) {
    return false;
  }
  if (isOption) return known.level === "certain" ? value.length >= 3 && !value.startsWith("-") : looksRandom(value);
  // As environment variables are written.
  if (sign === "=" && name === name.toUpperCase()) return known.level === "certain" || looksRandom(value);
  if (known.level === "certain" && known.digits === 1) {
    return value.length >= 3 && (sign === "=" || /[\d\W]/.test(value) || isEnd) && !/^[=~(]/.test(value);
  }
  return known.level === "certain" ? looksRandom(value) : isLong(value);
}

/** What could be an identifier, such as the name of a metric, is a secret only where it is as long as keys are. */
function isLong(value: string): boolean {
  return value.length >= 16 && looksRandom(value);
}
