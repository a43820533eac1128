// Made up, and shaped as the real ones are. Put together from parts, so that no scanner of source code takes them for real.
import { sample, sampleHex } from "../../lib/redact/rules/rule.ts";

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
  named("DOOR_PIN", "5821394706"),
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

const K = key(24);
const H40 = hex(40);
const ID = key(16, b32);

/** Further lines, as programs print them and files hold them, with the secret in each. */
export const PRINTED: readonly (readonly [line: string, secret: string])[] = [
  [`AWS_ACCESS_KEY_ID = AKIA${ID}`, ID],
  [`aws_secret_access_key = ${K}/${K.slice(0, 15)}`, K],
  [`  password: s3cr3t-pa55`, "s3cr3t-pa55"],
  [`    "refresh_token": "${K}",`, K],
  [`client_secret: '${K}'`, K],
  [`<password>h0rse-b4ttery</password>`, "h0rse-b4ttery"],
  [`+ curl -u admin:${K} https://x`, K],
  [`mysql -uroot -p${K} db`, K],
  [`wandb: Appending key for api.wandb.ai to your netrc: WANDB_API_KEY=${H40}`, H40],
  [`wandb.login(key="${H40}")`, H40],
  [`openai.api_key = "${K}"`, K],
  [`login(token="${K}")`, K],
  [`headers = {"X-API-Key": "${K}"}`, K],
  [`headers={'Authorization': 'Token ${K}'}`, K],
  [`Authorization: token ${K}`, K],
  [`set-cookie: sid=${K}; Path=/`, K],
  [`os.environ["HF_TOKEN"] = "${K}"`, K],
  [`os.environ['WANDB_API_KEY']='${H40}'`, H40],
  [`ENV DB_PASSWORD=${K}`, K],
  [`export PGPASSWORD="p w d 1"`, "p w d 1"],
  [`jdbc:postgresql://db/x?user=a&password=${K}`, K],
  [`mongodb+srv://u:${K}@cluster0.abcd.mongodb.net/?retryWrites=true`, K],
  [`amqp://guest:${K}@mq:5672/%2f`, K],
  [`Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${K}abcdefghij=`, K],
  [`Data Source=db;User=sa;Pwd=${K};`, K],
  [`https://storage.googleapis.com/b/o?X-Goog-Credential=a%40b&X-Goog-Signature=${H40}${H40}`, H40],
  [
    `https://x.webhook.office.com/webhookb2/${H40.slice(0, 8)}-1111-2222-3333-${
      H40.slice(0, 12)
    }@abc/IncomingWebhook/${H40}/x`,
    H40,
  ],
  [`machine github.com\tlogin me\tpassword ${K}`, K],
  [`git remote add origin https://me:${K}@github.com/me/x`, K],
  [`pip install --index-url https://__token__:${K}@pypi.example/simple x`, K],
  [`//registry.npmjs.org/:_authToken=${K}`, K],
  [`{"auths":{"ghcr.io":{"auth":"bWU6cGFzc3dvcmQx"}}}`, "bWU6cGFzc3dvcmQx"],
  [`sshpass -p '${K}' ssh x`, K],
  [`token = "${K}"`, K],
  [`secret = ${K}`, K],
  [`PASSWORD: ${K}`, K],
  [`args: Namespace(api_key='${K}', lr=0.1)`, K],
  [`{'lr': 0.1, 'hf_token': '${K}'}`, K],
  [`--hf-token ${K} --lr 0.1`, K],
  [`db_url=postgresql+asyncpg://user:${K}@localhost/db`, K],
  [
    `AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${K}${K}==;EndpointSuffix=core.windows.net`,
    K,
  ],
  [`api-key: ${K}`, K],
  [`x-auth-token: ${K}`, K],
  [`kubectl create secret generic x --from-literal=password=${K}`, K],
  [`vault write secret/x token=${K}`, K],
  [`SECRET_KEY = 'django-insecure-${K}'`, K],
  [`PRIVATE_KEY="${H40}${H40.slice(0, 24)}"`, H40],
  [`mnemonic: "abandon ability able about above absent absorb abstract"`, "abandon ability"],
];

/** Further commands. */
export const COMMANDS: readonly (readonly [words: readonly string[], secret: string])[] = [
  [["curl", "-H", `X-Api-Key: ${K}`, "x"], K],
  [["curl", "-uadmin:pw12345", "x"], "pw12345"],
  [["python", "t.py", "--db.password", "abc123"], "abc123"],
  [["docker", "run", "-e", `TOKEN=${K}`, "img"], K],
  [["docker", "run", `--env=TOKEN=${K}`, "img"], K],
  [["docker", "login", "-u", "me", "-p", "hunter22", "ghcr.io"], "hunter22"],
  [["wandb", "login", H40], H40],
  [["huggingface-cli", "login", "--token", K], K],
  [["aws", "configure", "set", "aws_secret_access_key", K + "/x"], K],
  [["python", "-c", `import wandb; wandb.login(key="${H40}")`], H40],
  [["bash", "-lc", `mysql -p${K} && true`], K],
  [["t", "--pin", "4821"], "4821"],
  [["openssl", "enc", "-pass", "pass:hunter22x"], "hunter22x"],
  [["t", "api_key:" + K], K],
  [["redis-cli", "-a", K], K],
  [["srun", "--export=ALL,HF_TOKEN=" + K, "python", "t.py"], K],
  [["t", "--config", `{"password": "abc", "n": 1}`], '"abc"'],
];
