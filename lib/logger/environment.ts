const SECRET_NAME =
  /token|secret|passw|passphrase|api_?key|access_?key|private|credential|auth|cookie|session|_key$|^key$|dsn|connection_?string/i;

const SECRET_SHAPES: readonly RegExp[] = [
  /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/, // JSON web token
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/, // cloud access key
  /\b(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}/, // source hosting
  /\b(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}/, // API keys of several services
  /\bhf_[A-Za-z0-9]{16,}|\bxox[abeprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}/,
  /-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)/,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i, // a password in a URL
  /^[0-9a-f]{32,}$/i, // a bare digest or key
  /^(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_-]{40,}={0,2}$/, // a bare base64 blob
];

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Environment variables with what looks like a secret, by its name or its shape, replaced by `[redacted]`. */
export function redactEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value !== "" && isSecret(name, value) ? REDACTED : value]),
  );
}

function isSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SECRET_SHAPES.some((shape) => shape.test(value));
}
