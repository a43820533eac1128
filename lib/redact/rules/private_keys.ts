import { byPattern, type Rule, sample, sampleHex } from "./rule.ts";

/** Keys that are whole texts. What goes over several lines is followed by `LineRedactor`. */
export const PRIVATE_KEY_RULES: readonly Rule[] = [
  {
    name: "private-key",
    what: "a private key in PEM or OpenPGP armor, from its first line to its last",
    source: "RFC 7468, RFC 4716 and RFC 9580",
    anchors: ["private key"],
    find: byPattern(
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    ),
    catches: `-----BEGIN RSA PRIVATE KEY-----\\n${sample(60)}\\n-----END RSA PRIVATE KEY-----`,
    leaves: `-----BEGIN PUBLIC KEY-----\\n${sample(60)}\\n-----END PUBLIC KEY-----`,
  },
  {
    name: "private-key-base64",
    what: "a private key in PEM, encoded in base64 once more, as in a Kubernetes secret",
    source: "the encoding of `-----BEGIN `; certificates are left",
    anchors: ["ls0tls1crudjtib"],
    find: byPattern(/LS0tLS1CRUdJTiB(?!DRVJU|QVUJM)[A-Za-z0-9+/=]{40,}/g),
    catches: `LS0tLS1CRUdJTiBSU0EgUFJJ${sample(60)}`,
    leaves: `LS0tLS1CRUdJTiBDRVJUSUZJ${sample(60)}`,
  },
  {
    name: "age-key",
    what: "a secret key of age",
    source: "the documentation of age",
    anchors: ["age-secret-key-"],
    find: byPattern(/AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{40,}/gi),
    catches: `AGE-SECRET-KEY-1${sample(58, "023456789ACDEFGHJKLMNPQRSTUVWXYZ")}`,
    leaves: "AGE-SECRET-KEY-1...",
  },
  {
    name: "jwt",
    what: "a JSON web token",
    source: "RFC 7519: two or three parts in base64url, of which the first two are JSON objects",
    anchors: ["eyj"],
    find: byPattern(/(?<=^|[^\w-]|\\[nrt])eyJ[\w-]{5,}\.(?:eyJ)?[\w-]{5,}\.[\w-]*(?:\.[\w-]+)*/g),
    catches: `eyJ${sample(33)}.eyJ${sample(60)}.${sample(43)}`,
    leaves: `eyJ${sample(20)}`,
  },
  {
    name: "base64-json-key",
    what: "a JSON object in base64 that a service gives as a key, such as neptune's",
    source: 'the documentation of neptune: a key is base64 of `{"api_address": …}`',
    anchors: ["eyjhcgl"],
    find: byPattern(/(?<=^|[^\w-]|\\[nrt])eyJhcGlf[A-Za-z0-9+/]{40,}={0,2}/g),
    catches: `eyJhcGlf${sample(80)}`,
    leaves: `eyJhcGlf${sampleHex(8)}`,
  },
];
