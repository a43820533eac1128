import type { ForeignValue } from "./foreign.ts";
import { float, integer } from "./values.ts";

const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const FLOAT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d{2,3})?$/;
const WORDS: Readonly<Record<string, ForeignValue>> = {
  True: true,
  False: false,
  None: null,
  nan: float(NaN),
  inf: float(Infinity),
  "-inf": float(-Infinity),
};

/**
 * The value that Python prints as this text, where it prints no other text for it: `0.1`, `1e-05`, `-3`, `True`, `None`, `nan`.
 * Any other text stays one: `1.10`, `007`, `0x1f`, a text with spaces. So the text can be had back from the value.
 */
export function valueOfPythonText(text: string): ForeignValue {
  if (text.length > 40) return text;
  if (INTEGER.test(text)) return text === "-0" ? text : integer(BigInt(text));
  if (FLOAT.test(text)) return pythonFloat(Number(text)) === text ? float(Number(text)) : text;
  return Object.hasOwn(WORDS, text) ? WORDS[text] : text;
}

/** How Python prints a float. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const text = String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/** The value of a cell of a table: a number in any usual notation, `True`, `nan`; an empty cell is undefined. */
export function valueOfCell(text: string): ForeignValue | undefined {
  const plain = text.trim();
  if (plain === "") return undefined;
  if (/^[+-]?\d+$/.test(plain)) return /^[+-]?0\d/.test(plain) ? text : integer(BigInt(plain.replace(/^\+/, "")));
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain)) {
    return /^[+-]?0\d/.test(plain) ? text : float(Number(plain));
  }
  if (/^[+-]?(?:nan|inf|infinity)$/i.test(plain)) {
    return float(/nan/i.test(plain) ? NaN : plain.startsWith("-") ? -Infinity : Infinity);
  }
  if (/^true$/i.test(plain)) return true;
  if (/^false$/i.test(plain)) return false;
  return text;
}
