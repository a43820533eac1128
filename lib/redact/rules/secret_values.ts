import { isMarker } from "./marker.ts";
import type { SecretName } from "./secret_names.ts";

const WORDS = new Set(
  ("none null nil nan true false yes no on off undefined unset empty default auto str string text bytes int float bool boolean any " +
    "object required optional missing invalid valid wrong incorrect expired hidden masked redacted basic digest bearer ok " +
    "failed error accepted denied password passwd token secret prompt env environment stdin file keyring vault").split(
      " ",
    ),
);

/** Whether a value says that there is no secret, or where one is: `None`, `$TOKEN`, `<your key>`, `***`. */
export function isPlaceholder(value: string): boolean {
  if (value === "" || isMarker(value)) return true;
  if (WORDS.has(value.toLowerCase())) return true;
  return /^(?:\$\{?\w[\w:.?-]*\}?|\$\(.*\)|%\w+%|<[^<>]*>|\{\{.*\}\}|\{[\w.!:]*\}|%[sdr]|(.)\1*|\.{2,}.*|\[[^\]]*\])$/s
    .test(value);
}

/** Whether a value is a number. */
export function isNumber(value: string): boolean {
  return /^[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?$/.test(value);
}

/** Whether a value is the path of a file; base64 may begin with a slash too, but has no words between slashes. */
export function isPath(value: string): boolean {
  if (/^[A-Za-z]:[\\/]/.test(value)) return true;
  if (!/^(?:~|\.{1,2}|\$\{?\w+\}?)?\/[^\s"']*$/.test(value) && !/^[\w.-]+(?:\/[\w.-]+)*\.[a-z]{2,6}$/.test(value)) {
    return false;
  }
  return value.split("/").every((part) => part.length < 24 || !looksMixed(part));
}

/** Whether a value has both letters and digits, without a space, as keys that a machine made have. */
export function looksRandom(value: string): boolean {
  if (value.length < 8 || /\s/.test(value) || isPath(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) || value.length >= 20 && looksMixed(value);
}

function looksMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && !/^(?:[A-Z][a-z]+)+$/.test(value) ||
    /\d/.test(value) && /[a-zA-Z]/.test(value);
}

/** Whether a value that was given a name by itself (a variable, an option, a key of params) is a secret. */
export function isSecretValue(name: SecretName, value: string): boolean {
  if (isPlaceholder(value)) return false;
  if (isNumber(value)) return name.digits !== undefined && value.replace(/\D/g, "").length >= name.digits;
  if (isPath(value)) return false;
  return name.level === "certain" || looksRandom(value);
}
