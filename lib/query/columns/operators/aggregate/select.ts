/** So few numbers are sorted rather than parted. */
const FEW = 24;
/** After so many parts that did not help, they are sorted. */
const MAX_PARTITIONS = 80;

/**
 * Finds the number that would stand at a place if `numbers` from `start` to below `end` were sorted: it then stands there, none
 * before it is greater and none behind it less. The numbers change places. Without NaN.
 */
export function select(numbers: Float64Array, start: number, end: number, place: number): number {
  let low = start;
  let high = end - 1;
  for (let parts = 0; high - low > FEW; parts++) {
    if (parts === MAX_PARTITIONS) {
      numbers.subarray(low, high + 1).sort();
      return numbers[place];
    }
    const pivot = pivotOf(numbers, low, high);
    let left = low;
    let right = high;
    while (left <= right) {
      while (numbers[left] < pivot) left++;
      while (numbers[right] > pivot) right--;
      if (left > right) break;
      const moved = numbers[left];
      numbers[left++] = numbers[right];
      numbers[right--] = moved;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else return numbers[place];
  }
  for (let at = low + 1; at <= high; at++) {
    const moved = numbers[at];
    let to = at;
    for (; to > low && numbers[to - 1] > moved; to--) numbers[to] = numbers[to - 1];
    numbers[to] = moved;
  }
  return numbers[place];
}

/** The middle of three middles, taken from all over: no order that data commonly has makes it a bad one. */
function pivotOf(numbers: Float64Array, low: number, high: number): number {
  const step = (high - low) >> 3;
  const at = (eighth: number) => numbers[low + eighth * step];
  return middle(middle(at(0), at(1), at(2)), middle(at(3), at(4), at(5)), middle(at(6), at(7), numbers[high]));
}

function middle(a: number, b: number, c: number): number {
  return a < b ? b < c ? b : a < c ? c : a : a < c ? a : b < c ? c : b;
}
