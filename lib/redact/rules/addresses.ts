import { byPattern, type Rule, sample, sampleHex } from "./rule.ts";
import { isNumber, isPlaceholder } from "./secret_values.ts";

const AUTHORITY = "[^\\s/?#\"'`<>\\\\]";
const QUERY_NAMES =
  "(?:[\\w.-]{0,40}[_.-])?(?:access_?token|auth_?token|id_?token|refresh_?token|token|api_?key|app_?key|access_?key|key|sig|signature|" +
  "secret|password|passwd|pwd|pass|auth|jwt|session|sid|sas|credential|code_verifier|ticket)|x-amz-(?:signature|security-token|credential)|" +
  "x-goog-(?:signature|credential)|awsaccesskeyid|signature|se?cret";

/** What stands in addresses. */
export const ADDRESS_RULES: readonly Rule[] = [
  {
    name: "connection-string",
    what: "a password or key in a connection string",
    source: "the documentation of ADO.NET, ODBC and Azure Storage",
    anchors: [
      "password=",
      "password =",
      "pwd=",
      "accountkey=",
      "sharedaccesskey=",
      "sharedaccesssignature=",
      "sharedsecretvalue=",
    ],
    find: byPattern(
      /(?<before>(?:^|[;"'\s])(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|sharedsecretvalue)\s?=\s?)(?<secret>\{[^}"]+\}|[^;"'\s\\]{3,})(?=;|["'\s\\]|$)/gi,
      (secret, match) => match.input.includes(";") && !isPlaceholder(secret) && !/[()]/.test(secret),
    ),
    catches: "Server=db;User Id=sa;Password=Tr0ub4dor&3;Encrypt=true",
    leaves: "Server=db;Trusted_Connection=yes;Password=$DB_PASSWORD;",
  },
  {
    name: "url-password",
    what: "the password in an address, up to the last @ in front of the host",
    source: "RFC 3986, section 3.2.1",
    anchors: ["://"],
    find: byPattern(
      new RegExp(
        `(?<before>(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\\s/?#"'\`<>\\\\:@]*:)(?<secret>(?!\\d+[/?#])[^\\s"'\`<>\\\\]*?${AUTHORITY}*)(?=@[^\\s/?#"'\`<>\\\\@]+(?:[/?#\\s"'\`<>\\\\]|$))`,
        "g",
      ),
      (secret) => !isPlaceholder(secret),
      "@",
    ),
    catches: "postgres://me:a@b9c@db.example/x",
    leaves: "http://localhost:8080/@vite/client",
  },
  {
    name: "url-user",
    what: "a token that stands in an address in the place of a user",
    source: "RFC 3986; Git hosts accept tokens in this form",
    anchors: ["://"],
    find: byPattern(
      new RegExp(`(?<before>(?<![A-Za-z0-9+.-])(?:https?|ftps?|wss?)://)(?<secret>${AUTHORITY}{12,}?)(?=:?@)`, "gi"),
      (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret) && !secret.includes(":") && !isPlaceholder(secret),
      "@",
    ),
    catches: `https://${sample(30)}@git.example/a/b.git`,
    leaves: "https://git@git.example/a/b.git",
  },
  {
    name: "url-query",
    what: "a token, key or signature in the query of an address, as in presigned S3, GCS and SAS ones",
    source: "AWS Signature Version 4, Google's V4 signing, Azure's shared access signatures, RFC 6750",
    anchors: [
      "token=",
      "key=",
      "sig=",
      "signature=",
      "secret=",
      "password=",
      "passwd=",
      "pwd=",
      "pass=",
      "auth=",
      "jwt=",
      "credential=",
      "session=",
      "sid=",
      "sas=",
      "keyid=",
      "ticket=",
    ],
    find: byPattern(
      new RegExp(`(?<before>[?&;#](?:${QUERY_NAMES})=)(?<secret>[^&;\\s"'\`<>#\\\\]{6,})`, "gi"),
      (secret) => !isNumber(secret) && !isPlaceholder(secret),
    ),
    catches: `https://x.blob.core.windows.net/c/f?sv=2026-01-01&sig=${sample(43)}%3D`,
    leaves: "https://example.org/list?key=12&page=3",
  },
  {
    name: "webhook",
    what: "the secret part of a webhook's address: Slack, Discord, Teams, Mattermost, Zapier",
    source: "the documentation of each service",
    anchors: [
      "hooks.slack.com",
      "/webhooks/",
      "webhook.office.com",
      "outlook.office.com",
      "/hooks/",
      "hooks.zapier.com",
      "logic.azure.com",
      "chat.googleapis.com",
    ],
    find: byPattern(
      /(?<before>hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/|(?:webhook|outlook)\.office\.com\/webhookb?2?\/|hooks\.zapier\.com\/hooks\/catch\/|https?:\/\/[\w.:-]+\/hooks\/)(?<secret>[\w@/.-]{16,})/gi,
    ),
    catches: `https://hooks.slack.com/services/T0${sample(8, "ABCDEFGH12")}/B0${sample(8, "ABCDEFGH12")}/${sample(24)}`,
    leaves: "https://api.slack.com/webhooks/introduction-to-hooks",
  },
  {
    name: "kaggle",
    what: "the key in kaggle.json",
    source: "the documentation of Kaggle's API",
    anchors: ['"key', "'key"],
    find: byPattern(/(?<before>\\*["']key\\*["']\s*:\s*\\*["'])(?<secret>[0-9a-f]{32})(?=\\*["'])/g),
    catches: `{"username":"me","key":"${sampleHex(32)}"}`,
    leaves: '{"key": "accuracy"}',
  },
  {
    name: "netrc",
    what: "a password in a line of netrc",
    source: "the manual page of netrc",
    anchors: ["password"],
    find: byPattern(
      /(?<before>login(?:\s+|\\t)[^\s\\]+(?:\s+|\\[nt])+password(?:\s+|\\t))(?<secret>[^\s"'\\]+)/g,
    ),
    catches: `machine api.wandb.ai login user password ${sampleHex(40)}`,
    leaves: "the default password policy",
  },
];
