/** Takes exact numbers of bytes from a sequence of chunks. */
export class ByteStream {
  /** Bytes taken so far. */
  offset = 0;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** `length` bytes, fewer only at the end. A view where one chunk has them all. Memory grows with what really comes. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#chunk.length === 0 && length > 0) await this.#next();
    if (length <= this.#chunk.length) return this.#cut(length);
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && this.#chunk.length > 0) {
      const part = this.#cut(Math.min(missing, this.#chunk.length));
      parts.push(part);
      missing -= part.length;
      if (this.#chunk.length === 0) await this.#next();
    }
    const out = new Uint8Array(length - missing);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  /** Tells the source that no more will be taken. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #cut(length: number): Uint8Array {
    const part = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    this.offset += length;
    return part;
  }

  async #next(): Promise<void> {
    let next = await this.#chunks.next();
    while (!next.done && next.value.length === 0) next = await this.#chunks.next();
    this.#chunk = next.done ? new Uint8Array(0) : next.value;
  }
}
