import { type SecretName, secretName } from "../names.ts";
import type { Finding, Rule } from "../rule.ts";
import { isNumber, isPath, isPlaceholder, looksRandom } from "../values.ts";

/** A name in front of what gives it a value; an option may have its value behind a space. */
const NAME =
  /(?<![\w$.-])(?<dashes>-{0,2})(?<name>[A-Za-z_][\w.-]{0,100}?)(?<closing>(?:\\*["'`]|[\])])*)(?<sign>\s{0,8}(?:=>|:=|[=:])\s{0,8}|>|\s{1,8})(?=\S)/g;
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
  anchors: (
    "passw pwd pw= pw: pass= pass: pass\" pass' pass ass>  secret apikey api_key api-key access_key access-key accesskey private_key private-key " +
    "privatekey auth_key auth-key account_key accountkey account-key signing_key signing-key encryption_key encryption-key shared_key " +
    "master_key ssh_key token credential creds cred= cred: webhook dsn mnemonic seed_phrase connection_string connectionstring conn_str " +
    'connstr cookie pin= pin: otp= otp: passphrase passcode _auth _key= _key: _key" apikey app_key storage_key deploy_key license_key ' +
    "service_key session_key hmac_key jwt_key secretkey"
  ).split(/ +/).filter((anchor) => anchor !== ""),
  find(text) {
    const found: Finding[] = [];
    NAME.lastIndex = 0;
    for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
      const { dashes, name, closing, sign } = match.groups!;
      const isOption = dashes !== "" && closing === "" && /^\s+$/.test(sign);
      if (!isOption && /^\s+$/.test(sign)) {
        NAME.lastIndex = match.index + match[0].length;
        continue;
      }
      const known = secretName(name);
      if (known === undefined) continue;
      const at = NAME.lastIndex;
      const value = valueAt(text, at);
      if (value === undefined || !isSecret(known, name, value, { isOption, sign, isEnd: value.end === text.length })) {
        continue;
      }
      found.push({ start: value.start, end: value.end, from: match.index });
      NAME.lastIndex = value.end;
    }
    return found;
  },
  catches: 'password = "hunter2"',
  leaves: 'password = os.environ["DB_PASSWORD"]',
};

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
  { isOption, sign, isEnd }: { readonly isOption: boolean; readonly sign: string; readonly isEnd: boolean },
): boolean {
  if (isPlaceholder(value) || isPath(value)) return false;
  if (isNumber(value)) {
    return known.digits !== undefined && value.replace(/\D/g, "").length >= Math.max(3, known.digits);
  }
  if (isQuoted) {
    // A sentence in quotes is what a program says of a secret; a pass phrase is one too.
    const isSentence = /\s/.test(value) && known.digits !== 1;
    return !isSentence && (known.level === "certain" ? value.length >= 3 : looksRandom(value));
  }
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
  return looksRandom(value);
}
