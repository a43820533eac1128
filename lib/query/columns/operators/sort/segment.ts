/** Sorts keys from one place to another, and rows with them. Equal ones stay in their order. */
export function sortSegment(keys: Float64Array, rows: Int32Array, start: number, end: number): void {
  const length = end - start;
  if (length > RUN) {
    if (!sortByCounting(keys, rows, start, end)) sortByMerging(keys, rows, start, end);
  } else sortByInserting(keys, rows, start, end);
}

const RUN = 16;

function sortByInserting(keys: Float64Array, rows: Int32Array, start: number, end: number): void {
  for (let at = start + 1; at < end; at++) {
    const key = keys[at];
    const row = rows[at];
    let to = at;
    for (; to > start && keys[to - 1] > key; to--) {
      keys[to] = keys[to - 1];
      rows[to] = rows[to - 1];
    }
    keys[to] = key;
    rows[to] = row;
  }
}

/** Whole numbers of a short range: counts how often each is there. Returns whether they are such. */
function sortByCounting(keys: Float64Array, rows: Int32Array, start: number, end: number): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (let at = start; at < end; at++) {
    const key = keys[at];
    if (key !== Math.floor(key)) return false;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const range = most - least + 1;
  if (!(range <= 2 * (end - start))) return false;
  const next = new Int32Array(range + 1);
  for (let at = start; at < end; at++) next[keys[at] - least + 1]++;
  for (let key = 0; key < range; key++) next[key + 1] += next[key];
  const sorted = new Int32Array(end - start);
  const sortedKeys = new Float64Array(end - start);
  for (let at = start; at < end; at++) {
    const to = next[keys[at] - least]++;
    sorted[to] = rows[at];
    sortedKeys[to] = keys[at];
  }
  rows.set(sorted, start);
  keys.set(sortedKeys, start);
  return true;
}

function sortByMerging(keys: Float64Array, rows: Int32Array, start: number, end: number): void {
  for (let from = start; from < end; from += RUN) sortByInserting(keys, rows, from, Math.min(end, from + RUN));
  const length = end - start;
  let fromKeys: Float64Array = keys.subarray(start, end);
  let fromRows: Int32Array = rows.subarray(start, end);
  let toKeys: Float64Array = new Float64Array(length);
  let toRows: Int32Array = new Int32Array(length);
  for (let run = RUN; run < length; run *= 2) {
    for (let from = 0; from < length; from += 2 * run) {
      merge(fromKeys, fromRows, toKeys, toRows, from, Math.min(length, from + run), Math.min(length, from + 2 * run));
    }
    [fromKeys, toKeys] = [toKeys, fromKeys];
    [fromRows, toRows] = [toRows, fromRows];
  }
  keys.set(fromKeys, start);
  rows.set(fromRows, start);
}

function merge(
  keys: Float64Array,
  rows: Int32Array,
  toKeys: Float64Array,
  toRows: Int32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let to = start; to < end; to++) {
    const from = right >= end || left < middle && keys[left] <= keys[right] ? left++ : right++;
    toKeys[to] = keys[from];
    toRows[to] = rows[from];
  }
}
