/** A map with a maximum number of entries: a further one evicts the entry that was read or set least recently. */
export class LruCache<Key, Value> extends Map<Key, Value> {
  constructor(readonly maxSize: number) {
    super();
  }

  override get(key: Key): Value | undefined {
    const value = super.get(key);
    if (value === undefined && !super.has(key)) return undefined;
    super.delete(key);
    super.set(key, value!);
    return value;
  }

  override set(key: Key, value: Value): this {
    super.delete(key);
    super.set(key, value);
    if (this.size > this.maxSize) super.delete(this.keys().next().value!);
    return this;
  }
}
