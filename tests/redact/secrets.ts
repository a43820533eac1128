// Made up, and shaped as the real ones are. Put together from parts, so that no scanner of source code takes them for real.
import { sample, sampleHex } from "../../lib/redact/rule.ts";

/** A secret and how it stands where people leave it. */
export interface MadeUp {
  readonly name: string;
  /** What must be nowhere. */
  readonly secret: string;
  /** As an environment variable. */
  readonly env?: readonly [name: string, value: string];
  /** In a line that is printed, or stands in a file of code or settings. */
  readonly line: string;
  /** In the words of a command. */
  readonly words: readonly string[];
}

let number = 0;
/** Another text for each call, as long as said. */
function key(length: number, alphabet?: string): string {
  number += 1;
  const tail = number.toString(36).padStart(3, "q");
  const letters = alphabet ?? "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const all = sample(length + 200, letters);
  const from = (number * 7) % 150;
  const text = all.slice(from, from + length);
  return alphabet === undefined ? text.slice(0, length - 3) + tail : text;
}
const hex = (length: number): string => {
  number += 1;
  return (number * 2654435761).toString(16).slice(0, 6) + sampleHex(length).slice(0, length - 6);
};

/** By the name of a variable: as `NAME=secret` in the environment, in a line and as a word; and as an option. */
function named(name: string, secret: string): MadeUp {
  return { name, secret, env: [name, secret], line: `${name}=${secret}`, words: ["env", `${name}=${secret}`, "true"] };
}

/** By its shape alone, wherever it stands; `text` is what it stands in, with `SECRET` in its place. */
function shaped(name: string, secret: string, text = "SECRET"): MadeUp {
  const whole = text.replace("SECRET", () => secret);
  return {
    name,
    secret,
    env: [`SETTING_${name.replace(/\W/g, "_").toUpperCase()}`, whole],
    line: `connecting with ${whole} now`,
    words: ["python", "train.py", "--where", whole],
  };
}

/** In a command, and in the same command as it is printed. */
function option(name: string, secret: string, words: (secret: string) => readonly string[]): MadeUp {
  return { name, secret, line: words(secret).join(" "), words: words(secret) };
}

const b32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** All of them. */
export const SECRETS: readonly MadeUp[] = [
  named("PGPASS", "tulip-" + key(6)),
  named("PGPASSWORD", "gr33n ".trim() + key(5)),
  named("MYSQL_PWD", key(9)),
  named("SMTP_PW", key(8)),
  named("DB_PASS", key(8)),
  named("PASS", key(10)),
  named("PIN", "739214"),
  named("DOOR_PIN", "58213"),
  named("PASSWORD", "correcthorsebattery" + key(5)),
  named("ADMIN_PASSPHRASE", "seven" + key(7)),
  named("SLACK_WEBHOOK", "https://chat.example/in/" + key(20)),
  named("ALERT_WEBHOOK_URL", "https://alerts.example/" + key(24)),
  named("SENTRY_DSN", `https://${hex(32)}@o1.ingest.example/42`),
  named("GOOGLE_CREDENTIALS", key(40)),
  named("SERVICE_CREDS", key(16)),
  named("WANDB_API_KEY", hex(40)),
  named("AWS_SECRET_ACCESS_KEY", key(38) + "/+"),
  named("AWS_SESSION_TOKEN", "IQoJb3JpZ2lu" + key(120)),
  named("AZURE_CLIENT_SECRET", key(20) + "~" + key(14)),
  named("DJANGO_SECRET_KEY", key(50)),
  named("SECRET_KEY_BASE", hex(64)),
  named("COMET_API_KEY", key(25)),
  named("NPM_CONFIG__AUTH", key(24) + "=="),
  named("ENCRYPTION_KEY", hex(32)),
  named("SESSION_COOKIE", key(30)),
  named("JWT_SECRET", key(20)),
  named("KAGGLE_KEY", hex(32)),
  named("MLFLOW_TRACKING_PASSWORD", key(12)),
  named("MLFLOW_TRACKING_TOKEN", key(30)),
  named("TOKEN", key(16)),
  named("RESTIC_PASSWORD2", key(14)),
  named("CONNECTION_STRING", "opaque-" + key(30)),
  named("SIGNING_KEY", key(32)),
  shaped("jwt", `eyJ${key(30)}.eyJ${key(60)}.${key(43)}`),
  shaped("github", `ghp_${key(36)}`),
  shaped("github-pat", `github_pat_${key(22)}_${key(59)}`),
  shaped("gitlab", `glpat-${key(20)}`),
  shaped("hugging-face", `hf_${key(34)}`),
  shaped("openai", `sk-proj-${key(60)}`),
  shaped("openai-old", `sk-${key(45)}1a`),
  shaped("anthropic", `sk-ant-api03-${key(90)}`),
  shaped("aws-id", `AKIA${key(16, b32)}`),
  shaped("gcp-key", `AIza${key(35)}`),
  shaped("gcp-token", `ya29.${key(120)}`),
  shaped("slack-token", `xoxb-${key(12, "0123456789")}-${key(24)}`),
  shaped("slack-hook", `T0${key(8, b32)}/B0${key(8, b32)}/${key(24)}`, `https://hooks.slack.com/services/SECRET`),
  shaped("discord-hook", `11${key(16, "0123456789")}/${key(68)}`, "https://discord.com/api/webhooks/SECRET"),
  shaped("telegram", `71${key(8, "0123456789")}:AA${key(33)}`, "https://api.telegram.org/botSECRET/sendMessage"),
  shaped("sendgrid", `SG.${key(22)}.${key(43)}`),
  shaped("vault", `hvs.${key(90)}`),
  shaped("digitalocean", `dop_v1_${hex(64)}`),
  shaped("age", `AGE-SECRET-KEY-1${key(58, "023456789ACDEFGHJKLMNPQRSTUVWXYZ")}`),
  shaped("stripe", `sk_live_${key(24)}`),
  shaped("npm", `npm_${key(36)}`),
  shaped("pypi", `pypi-AgEIcHlwaS5vcmc${key(100)}`),
  shaped("databricks", `dapi${hex(32)}`),
  shaped("replicate", `r8_${key(37)}`),
  shaped("nvidia", `nvapi-${key(64)}`),
  shaped("grafana", `glsa_${key(32)}_${hex(8)}`),
  shaped("url-password", `p${key(10)}`, "postgres://trainer:SECRET@db.example:5432/runs"),
  shaped("url-two-ats", `a@b${key(8)}`, "mysql://root:SECRET@db.example/x"),
  shaped("url-user", key(30), "https://SECRET@git.example/team/x.git"),
  shaped("redis", key(14), "redis://:SECRET@cache.example:6379/0"),
  shaped("s3-signature", hex(64), `https://b.s3.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Signature=SECRET`),
  shaped("s3-session", key(100), `https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Security-Token=SECRET&x=1`),
  shaped("sas", key(43) + "%3D", "https://a.blob.core.windows.net/c/f?sv=2026-01-01&sp=r&sig=SECRET"),
  shaped("private-token", key(20), "https://gitlab.example/api/v4/projects?private_token=SECRET"),
  shaped("api-key-query", key(24), "https://maps.example/tile?x=1&api_key=SECRET&z=3"),
  shaped("bearer", key(32), "Authorization: Bearer SECRET"),
  shaped("basic", key(24) + "==", "Authorization: Basic SECRET"),
  shaped(
    "account-key",
    key(86) + "==",
    "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=SECRET;EndpointSuffix=core",
  ),
  shaped("odbc", "Tr0ub" + key(6), "Server=tcp:db;User ID=sa;Password=SECRET;Encrypt=True"),
  shaped("kaggle-json", hex(32), '{"username":"me","key":"SECRET"}'),
  shaped("pem", key(64), "-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----\\n"),
  shaped("netrc", hex(40), "machine api.wandb.ai login user password SECRET"),
  option("option-api-key", key(12), (secret) => ["python", "t.py", "--api-key", secret, "--lr", "0.1"]),
  option("option-password", key(7), (secret) => ["python", "t.py", `--password=${secret}`]),
  option("option-token", key(14), (secret) => ["python", "t.py", "--hub_token", secret]),
  option("sh-c", key(15), (secret) => ["sh", "-c", `TOKEN=${secret} python t.py --lr 0.1`]),
  option("sh-c-quoted", key(15), (secret) => ["sh", "-c", `export API_KEY='${secret}' && python t.py`]),
  option("sh-c-option", key(15), (secret) => ["bash", "-c", `cd x && exec python t.py --password "${secret}"`]),
  option("env-word", key(11), (secret) => ["env", `SECRET=${secret}`, "python", "t.py"]),
  option("hydra", key(18), (secret) => ["python", "t.py", `+logger.api_key=${secret}`]),
  option("java", key(9), (secret) => ["java", `-Dtrust.password=${secret}`, "T"]),
];
