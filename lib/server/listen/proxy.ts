import { UsageError } from "../../base/errors.ts";

/** Where a request comes from, as far as it can be believed. */
export interface Sender {
  /** The address, without a port; `unix` for a socket in the file system. */
  readonly address: string;
  /** Whether the way to the browser is encrypted. */
  readonly isSecure: boolean;
}

/** Addresses in `x-forwarded-for` that are looked at, from the last one on. */
const MAX_HOPS = 16;

/**
 * The proxies whose word about a request counts: their addresses (`10.0.0.5`, `::1`), ranges (`10.0.0.0/8`), or `unix`
 * for clients that connect to the socket in the file system. What others write into the headers `x-forwarded-*` means
 * nothing.
 */
export class TrustedProxies {
  readonly #ranges: readonly Range[];
  readonly #unix: boolean;

  /** @throws {UsageError} For a word that is neither an address nor a range. */
  constructor(words: readonly string[] = []) {
    this.#unix = words.includes("unix");
    this.#ranges = words.filter((word) => word !== "unix").map(rangeOf);
  }

  /** Whether a peer is such a proxy. */
  trusts(address: string): boolean {
    if (address === "unix") return this.#unix;
    const bytes = this.#ranges.length === 0 ? undefined : bytesOf(address);
    return bytes !== undefined && this.#ranges.some((range) => contains(range, bytes));
  }

  /**
   * The sender of a request: the peer, or behind trusted proxies the last address in `x-forwarded-for` that is not one
   * of them. What stands before that one could have been written by anybody. `isSecure`: of the connection itself.
   */
  sender(headers: Headers, peer: string, isSecure: boolean): Sender {
    if (!this.trusts(peer)) return { address: peer, isSecure };
    const protocol = headers.get("x-forwarded-proto")?.split(",").at(-1)?.trim().toLowerCase();
    const hops = (headers.get("x-forwarded-for") ?? "").split(",", 1000).slice(-MAX_HOPS).reverse();
    let address = peer;
    for (const word of hops) {
      const hop = plainAddress(word);
      if (hop === undefined) break;
      address = hop;
      if (!this.trusts(hop)) break;
    }
    return { address, isSecure: protocol === undefined ? isSecure : protocol === "https" };
  }
}

/** The first bits of addresses. */
interface Range {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

function rangeOf(word: string): Range {
  const [address, length, ...more] = word.split("/");
  const bytes = bytesOf(address);
  const isWide = length !== undefined;
  if (bytes !== undefined && more.length === 0 && (!isWide || /^\d{1,3}$/.test(length))) {
    const offset = address.includes(":") ? 0 : 96;
    const bits = isWide ? Number(length) + offset : 128;
    if (bits <= 128) return { bytes, bits };
  }
  throw new UsageError(
    `Cannot use --trust-proxy "${word}": it is an address such as 10.0.0.5 or ::1, a range such as 10.0.0.0/8, or unix`,
  );
}

function contains({ bytes, bits }: Range, address: Uint8Array): boolean {
  for (let at = 0; at < bits; at++) {
    const mask = 0x80 >> (at & 7);
    if ((bytes[at >> 3] & mask) !== (address[at >> 3] & mask)) return false;
  }
  return true;
}

/** An address of `x-forwarded-for`, without port and brackets; otherwise undefined. */
function plainAddress(word: string): string | undefined {
  const text = word.trim();
  const inside = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text;
  return bytesOf(inside) === undefined ? undefined : inside.toLowerCase();
}

/** The 16 bytes of an IPv6 address; those of IPv4 are mapped into it. Undefined for anything else. */
function bytesOf(address: string): Uint8Array | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (four !== undefined) {
    return four.some((part) => part > 255) ? undefined : Uint8Array.of(...Array(10).fill(0), 255, 255, ...four);
  }
  let text: string;
  try {
    if (!/^[0-9a-f:.]{2,45}$/i.test(address) || !address.includes(":")) return undefined;
    text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
  const [head, tail] = text.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}
