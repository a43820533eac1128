/** Eight tables, for eight bytes at once: what a byte does that has 0 to 7 bytes behind it. */
const TABLES = makeTables();

/** The CRC-32C (Castagnoli) of bytes. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc ^= bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    crc = t7[crc & 255] ^ t6[crc >>> 8 & 255] ^ t5[crc >>> 16 & 255] ^ t4[crc >>> 24] ^
      t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < end; at++) crc = t0[(crc ^ bytes[at]) & 255] ^ crc >>> 8;
  return ~crc >>> 0;
}

/** A CRC as it is stored beside the bytes that it is of: rotated, and moved by a constant. */
export function masked(crc: number): number {
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}

function makeTables(): readonly Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
    first[byte] = crc;
  }
  const tables = [first];
  for (let n = 1; n < 8; n++) {
    const before = tables[n - 1];
    tables.push(before.map((crc) => first[crc & 255] ^ crc >>> 8));
  }
  return tables;
}
