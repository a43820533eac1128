import { byPattern, type Rule, sample, sampleHex } from "./rule.ts";

/** A key that begins with letters by which its maker is known. */
export interface Prefixed {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly anchors: readonly string[];
  /** The whole key; nothing that a word is made of may stand in front of it. */
  readonly shape: string;
  readonly catches: string;
  readonly leaves: string;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const ROWS: readonly Prefixed[] = [
  {
    name: "github",
    what: "a token of GitHub",
    source: "GitHub's documentation of token formats",
    anchors: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    shape: "gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}",
    catches: `ghp_${sample(36)}`,
    leaves: "ghp_token",
  },
  {
    name: "gitlab",
    what: "a token of GitLab",
    source: "GitLab's documentation of token prefixes",
    anchors: [
      "glpat-",
      "gldt-",
      "glrt-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glsoat-",
      "glagent-",
      "glimt-",
      "gloas-",
      "glffct-",
    ],
    shape: "gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[\\w.-]{16,}",
    catches: `glpat-${sample(20)}`,
    leaves: "glpat-example",
  },
  {
    name: "hugging-face",
    what: "a token of Hugging Face",
    source: "the documentation of huggingface_hub",
    anchors: ["hf_", "api_org_"],
    shape: "hf_[A-Za-z0-9]{16,}|api_org_[A-Za-z0-9]{30,}",
    catches: `hf_${sample(34)}`,
    leaves: "hf_model_for_causal_language_modeling",
  },
  {
    name: "wandb",
    what: "a key of Weights & Biases of the newer form; the older one is known by its name only",
    source: "the documentation of wandb",
    anchors: ["wandb_v1_"],
    shape: "wandb_v1_\\w{20,}",
    catches: `wandb_v1_${sample(60)}`,
    leaves: "wandb_v1_run",
  },
  {
    name: "anthropic",
    what: "a key of Anthropic",
    source: "Anthropic's console",
    anchors: ["sk-ant-"],
    shape: "sk-ant-[\\w-]{20,}",
    catches: `sk-ant-api03-${sample(90)}`,
    leaves: "sk-ant-api03",
  },
  {
    name: "openai",
    what: "a key of OpenAI, and of services that took over its form",
    source: "OpenAI's console; OpenRouter's and DeepSeek's documentation",
    anchors: ["sk-"],
    shape: "sk-(?:proj|svcacct|admin|None|or-v1)-[\\w-]{20,}|sk-(?=[A-Za-z]*\\d)[A-Za-z0-9]{20,}",
    catches: `sk-proj-${sample(48)}`,
    leaves: "sk-learn-contrib-documentation",
  },
  {
    name: "stripe",
    what: "a secret key of Stripe, and its webhook secret",
    source: "Stripe's documentation of API keys",
    anchors: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"],
    shape: "[sr]k_(?:live|test)_\\w{16,}|whsec_[\\w+/=]{20,}",
    catches: `sk_live_${sample(24)}`,
    leaves: "sk_live_mode",
  },
  {
    name: "aws-key-id",
    what: "an access key id of AWS",
    source: "AWS' documentation of unique identifiers",
    anchors: ["akia", "asia", "abia", "acca", "a3t"],
    shape: "(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])",
    catches: `AKIA${sample(16, BASE32)}`,
    leaves: "AKIARA",
  },
  {
    name: "aws-bedrock",
    what: "a key of AWS Bedrock",
    source: "AWS' documentation of Bedrock API keys",
    anchors: ["absk"],
    shape: "ABSK[A-Za-z0-9+/]{60,}={0,2}",
    catches: `ABSK${sample(100)}`,
    leaves: "ABSK1",
  },
  {
    name: "google",
    what: "an API key, access token, refresh token or client secret of Google",
    source: "Google Cloud's documentation of API keys and OAuth",
    anchors: ["aiza", "ya29.", "gocspx-", "1//0"],
    shape: "AIza[\\w-]{30,}|ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}|1//0[\\w-]{30,}",
    catches: `ya29.${sample(120)}`,
    leaves: "ya29.0",
  },
  {
    name: "slack",
    what: "a token of Slack",
    source: "Slack's documentation of token types",
    anchors: ["xox", "xapp-"],
    shape: "xox[abceoprs](?:\\.xox[a-z])?-[\\w.-]{10,}|xapp-\\d-[\\w-]{20,}",
    catches: `xoxb-${sample(12, "0123456789")}-${sample(24)}`,
    leaves: "xoxb-token",
  },
  {
    name: "telegram",
    what: "a token of a Telegram bot",
    source: "the documentation of Telegram's bot API",
    anchors: [":aa"],
    shape: "(?:bot)?\\d{6,12}:AA[\\w-]{31,}",
    catches: `7123456789:AA${sample(33)}`,
    leaves: "12:AAB",
  },
  {
    name: "sendgrid",
    what: "a key of SendGrid",
    source: "SendGrid's documentation",
    anchors: ["sg."],
    shape: "SG\\.[\\w-]{16,}\\.[\\w-]{16,}",
    catches: `SG.${sample(22)}.${sample(43)}`,
    leaves: "SG.model.layer",
  },
  {
    name: "mailgun",
    what: "a key of Mailgun, or of Mailchimp",
    source: "the documentation of Mailgun and of Mailchimp",
    anchors: ["key-", "-us"],
    shape: "key-[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{32}-us\\d{1,2}(?!\\w)",
    catches: `key-${sampleHex(32)}`,
    leaves: "key-value",
  },
  {
    name: "vault",
    what: "a token of HashiCorp Vault, or of Terraform Cloud",
    source: "HashiCorp's documentation",
    anchors: ["hvs.", "hvb.", "hvr.", ".atlasv1."],
    shape: "hv[sbr]\\.[\\w-]{20,}|\\w{14}\\.atlasv1\\.[\\w-]{40,}",
    catches: `hvs.${sample(90)}`,
    leaves: "hvs.example",
  },
  {
    name: "digitalocean",
    what: "a token of DigitalOcean",
    source: "DigitalOcean's documentation",
    anchors: ["dop_v1_", "doo_v1_", "dor_v1_"],
    shape: "do[opr]_v1_[0-9a-f]{32,}",
    catches: `dop_v1_${sampleHex(64)}`,
    leaves: "dop_v1_run",
  },
  {
    name: "registry",
    what: "a token of a registry of packages or images: npm, PyPI, RubyGems, Docker Hub, crates.io",
    source: "the documentation of each registry",
    anchors: ["npm_", "pypi-", "rubygems_", "dckr_pat_", "dckr_oat_"],
    shape: "npm_[A-Za-z0-9]{30,}|pypi-[\\w-]{30,}|rubygems_[0-9a-f]{32,}|dckr_[po]at_[\\w-]{20,}",
    catches: `pypi-AgEIcHlwaS5vcmc${sample(80)}`,
    leaves: "npm_config_user_agent",
  },
  {
    name: "databricks",
    what: "a token of Databricks",
    source: "the documentation of Databricks",
    anchors: ["dapi", "dkea", "dose"],
    shape: "d(?:api|kea|ose)[0-9a-f]{32}(?:-\\d)?(?![0-9a-f])",
    catches: `dapi${sampleHex(32)}`,
    leaves: "dapi2",
  },
  {
    name: "model-service",
    what:
      "a key of a service that runs models: Replicate, Groq, Perplexity, xAI, NVIDIA, Fireworks, Cohere's trial keys, Kaggle",
    source: "the documentation of each service",
    anchors: ["r8_", "gsk_", "pplx-", "xai-", "nvapi-", "fw_", "tgp_v1_", "kgat_", "rpa_", "csk-"],
    shape: "r8_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{30,}|pplx-[A-Za-z0-9]{30,}|xai-[A-Za-z0-9]{40,}|nvapi-[\\w-]{40,}|" +
      "fw_[A-Za-z0-9]{20,}|tgp_v1_[\\w-]{20,}|KGAT_[A-Za-z0-9]{20,}|rpa_[A-Z0-9]{30,}|csk-[a-z0-9]{40,}",
    catches: `nvapi-${sample(64)}`,
    leaves: "fw_rule",
  },
  {
    name: "monitoring",
    what: "a token of Grafana, New Relic, Sentry or Datadog's application keys",
    source: "the documentation of each service",
    anchors: ["glsa_", "glc_", "nrak-", "sntrys_", "sntryu_", "ddapp_", "pagerduty"],
    shape:
      "glsa_[A-Za-z0-9]{20,}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/=]{32,}|NRAK-[A-Za-z0-9]{20,}|sntry[su]_[A-Za-z0-9+/=_-]{30,}",
    catches: `glsa_${sample(32)}_${sampleHex(8)}`,
    leaves: "glc_model",
  },
  {
    name: "service",
    what:
      "a token of Atlassian, Linear, Notion, Airtable, Shopify, Doppler, Postman, Figma, PlanetScale, Supabase, Tailscale, " +
      "Buildkite, CircleCI, Fly, Pulumi, Square or Prefect",
    source: "the documentation of each service",
    anchors: [
      "atatt3",
      "lin_api_",
      "ntn_",
      "secret_",
      "pat",
      "shpat_",
      "shpss_",
      "shpca_",
      "shppa_",
      "dp.pt.",
      "dp.st.",
      "pmak-",
      "figd_",
      "pscale_",
      "sbp_",
      "sb_secret_",
      "tskey-",
      "bkua_",
      "ccipat_",
      "fm2_",
      "pul-",
      "sq0csp-",
      "pnu_",
    ],
    shape:
      "ATATT3[\\w=-]{20,}|lin_api_[A-Za-z0-9]{30,}|(?:ntn_|secret_)[A-Za-z0-9]{40,}|pat[A-Za-z0-9]{14}\\.[0-9a-f]{40,}|" +
      "shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}|dp\\.(?:pt|st)\\.[\\w.-]{30,}|PMAK-[0-9a-f-]{40,}|figd_[\\w-]{30,}|" +
      "pscale_(?:tkn|pw|oauth)_[\\w.-]{30,}|sbp_[0-9a-f]{40}|sb_secret_[\\w-]{20,}|tskey-[a-z]+-[\\w-]{16,}|bkua_[0-9a-f]{40}|" +
      "CCIPAT_\\w{20,}|fm2_[\\w+/=]{40,}|pul-[0-9a-f]{40}|sq0csp-[\\w-]{40,}|pnu_[A-Za-z0-9]{30,}",
    catches: `lin_api_${sample(40)}`,
    leaves: "secret_santa",
  },
];

/** Where a word begins: also behind a line feed or tab that is escaped, as in JSON. */
const START = "(?<=^|[^A-Za-z0-9]|\\\\[nrt])";

/** Rules of such keys. */
export function prefixedRules(rows: readonly Prefixed[]): readonly Rule[] {
  return rows.map(({ shape, ...row }) => ({ ...row, find: byPattern(new RegExp(`${START}(?:${shape})`, "g")) }));
}

/** Keys that are known by how they begin. */
export const PREFIXED_RULES: readonly Rule[] = prefixedRules(ROWS);
