import { type Rule, sample, sampleHex } from "./rule.ts";
import { type Prefixed, prefixedRules } from "./prefixed.ts";

const LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";
const UPPER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Further services, by what they are for. */
const ROWS: readonly Prefixed[] = [
  {
    name: "cloud",
    what:
      "a key of Alibaba Cloud, Azure's applications, Cloudflare's origins, Fly, Heroku, OpenShift, Scalingo or Yandex Cloud",
    source: "the documentation of each service; their shapes also in the rules of gitleaks 8.24",
    anchors: ["ltai", "q~", "v1.0-", "fo1_", "fm1a_", "fm1r_", "hrku-aa", "sha256~", "tk-us-", "aqvn"],
    shape:
      "LTAI[A-Za-z0-9]{12,24}(?!\\w)|\\w{3}\\dQ~[\\w.~-]{31,34}|v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,}|fo1_[\\w-]{40,}|" +
      "fm1[ar]_[\\w+/=]{60,}|HRKU-AA[\\w-]{40,}|sha256~[\\w-]{40,}|tk-us-[\\w-]{40,}|AQVN[\\w-]{35,38}(?!\\w)",
    catches: `HRKU-AA${sample(58)}`,
    leaves: "sha256~abc",
  },
  {
    name: "secret-store",
    what: "a token of 1Password's service accounts, or of Authress",
    source: "the documentation of each; their shapes also in the rules of gitleaks 8.24",
    anchors: ["ops_eyj", ".acc-", ".acc_"],
    shape:
      "ops_eyJ[A-Za-z0-9+/=]{100,}|(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[\\w+/=-]{30,}",
    catches: `ops_eyJ${sample(200)}`,
    leaves: "ops_eyJust_a_name",
  },
  {
    name: "telemetry",
    what: "a key of Dynatrace, Grafana's older keys, Harness, Infracost, New Relic or Sourcegraph",
    source: "the documentation of each service; their shapes also in the rules of gitleaks 8.24",
    anchors: ["dt0", "eyjrijoi", "pat.", "sat.", "ico-", "nrjs-", "nrii-", "sgp_"],
    shape: "dt0[a-z]\\d\\d\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}|eyJrIjoi[A-Za-z0-9+/=]{60,}|" +
      "[ps]at\\.[\\w-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}|ico-[A-Za-z0-9]{32}(?!\\w)|NRJS-[0-9a-f]{19}|NRII-[A-Za-z0-9-]{32}|" +
      "sgp_(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40}",
    catches: `dt0c01.${sample(24, UPPER)}.${sample(64, UPPER)}`,
    leaves: "dt0c01.epoch.loss",
  },
  {
    name: "payment",
    what: "a key of Duffel, EasyPost, Facebook, Flutterwave, Plaid, Shippo or Square",
    source: "the documentation of each service; their shapes also in the rules of gitleaks 8.24",
    anchors: ["duffel_", "ezak", "eztk", "eaa", "flwseck", "flwpubk", "access-", "shippo_"],
    shape: "duffel_(?:test|live)_[\\w=-]{40,}|EZ[AT]K[A-Za-z0-9]{54}|EAA[A-Z][A-Za-z0-9_-]{56,}|" +
      "FLW(?:SEC|PUB)K(?:_TEST)?-[0-9a-h]{12,32}(?:-X)?(?!\\w)|" +
      "access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|shippo_(?:live|test)_[0-9a-fA-F]{40}",
    catches: `duffel_live_${sample(43)}`,
    leaves: "access-production-log",
  },
  {
    name: "mail",
    what: "a key of Brevo (Sendinblue), Typeform or Mapbox",
    source: "the documentation of each service; their shapes also in the rules of gitleaks 8.24",
    anchors: ["xkeysib-", "tfp_", "sk.eyj", "pk.eyj"],
    shape: "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}|tfp_[\\w.=-]{40,}|[sp]k\\.eyJ[\\w-]{40,}\\.[\\w-]{20,}",
    catches: `xkeysib-${sampleHex(64)}-${sample(16)}`,
    leaves: "tfp_rate",
  },
  {
    name: "developer",
    what:
      "a key of Adobe, Clojars, Defined Networking, Frame.io, GitLab's runners and sessions, MaxMind, 42, ReadMe or SettleMint",
    source: "the documentation of each service; their shapes also in the rules of gitleaks 8.24",
    anchors: [
      "p8e-",
      "clojars_",
      "dnkey-",
      "fio-u-",
      "gr1348941",
      "_gitlab_session=",
      "_mmk",

      "rdme_",
      "s-s4t2",
      "sm_",
    ],
    shape:
      "p8e-[A-Za-z0-9]{32}(?!\\w)|CLOJARS_[a-z0-9]{50,}|dnkey-[\\w=-]{26}-[\\w=-]{52}|fio-u-[\\w=-]{50,}|GR1348941[\\w-]{20}|" +
      "_gitlab_session=[0-9a-z]{32}|[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|rdme_[a-z0-9]{60,}|s-s4t2(?:ud|af)-[0-9a-f]{64}|" +
      "sm_[aps]at_[A-Za-z0-9]{16}(?!\\w)",
    catches: `rdme_${sample(70, LOWER)}`,
    leaves: "sm_pat_tern",
  },
  {
    name: "jwt-in-base64",
    what: "a JSON Web Token that is encoded once more",
    source: "RFC 7519, in base64",
    anchors: ["zxlkagjhy2lpaup"],
    shape: "ZXlKaGJHY2lPaUp[A-Za-z0-9+/=_-]{40,}",
    catches: `ZXlKaGJHY2lPaUp${sample(120)}`,
    leaves: "ZXlKaGJHY2lPaUp",
  },
];

/** Keys of further services that are known by how they begin. */
export const SERVICE_RULES: readonly Rule[] = prefixedRules(ROWS);
