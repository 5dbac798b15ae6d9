import { ArgumentError } from "../errors.ts";
import { runtime } from "../runtime.ts";
import { type Block, philox } from "./philox.ts";

const TWO_32 = 2 ** 32;

export interface GeneratorState {
  /** Decimal digits of the 64-bit key. */
  readonly seed: string;
  /** Blocks of four words used so far. */
  readonly offset: number;
  /** Words of the last block not yet given out. */
  readonly pending: readonly number[];
}

function toKey(seed: number | bigint): [number, number] {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new ArgumentError({ op: "Generator", rule: "the seed must be a whole number", received: `${seed}` });
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}

/**
 * A stream of random numbers (Philox 4x32-10), fully given by its seed and position. It needs no engine, so it serves loader
 * workers too.
 */
export class Generator {
  #key: [number, number];
  #offset = 0;
  #pending: number[] = [];

  /** @param seed a whole number, taken modulo 2^64. Default: random. */
  constructor(seed: number | bigint = Math.floor(Math.random() * 2 ** 53)) {
    this.#key = toKey(seed);
  }

  /** The key as two 32-bit words, lowest first: what random kernels take. */
  get key(): readonly [number, number] {
    return this.#key;
  }

  get seed(): bigint {
    return BigInt(this.#key[0]) + (BigInt(this.#key[1]) << 32n);
  }

  /** Sets the blocks aside for a kernel and gives the number of the first. */
  reserve(blocks: number): number {
    const first = this.#offset;
    this.#offset += blocks;
    return first;
  }

  #block(): Block {
    const at = this.reserve(1);
    return philox(this.#key[0], this.#key[1], at % TWO_32, Math.floor(at / TWO_32));
  }

  /** A whole number from 0 to 2^32 - 1. */
  nextUint32(): number {
    if (this.#pending.length === 0) this.#pending = this.#block().reverse();
    return this.#pending.pop()!;
  }

  /** A number in [low, high) with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const upper = this.nextUint32() >>> 5;
    const lower = this.nextUint32() >>> 6;
    return low + ((upper * 2 ** 26 + lower) / 2 ** 53) * (high - low);
  }

  /** A normally distributed number (Box and Muller 1958). */
  normal(mean = 0, std = 1): number {
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + std * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A whole number from 0 to `bound - 1`, every one equally likely (Lemire 2019, with rejection). */
  integer(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1 || bound > TWO_32) {
      throw new ArgumentError({
        op: "Generator.integer",
        rule: "the bound must be a whole number from 1 to 2^32",
        received: `${bound}`,
      });
    }
    const limit = TWO_32 - (TWO_32 % bound);
    let x = this.nextUint32();
    while (x >= limit) x = this.nextUint32();
    return x % bound;
  }

  /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const out = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = out[i]!;
      out[i] = out[j]!;
      out[j] = swapped;
    }
    return out;
  }

  /**
   * An independent stream for a purpose named by whole numbers, for example (epoch, index). It depends on this generator's seed
   * and on the names only, not on how much was drawn.
   */
  stream(...names: readonly number[]): Generator {
    let [k0, k1] = this.#key;
    for (const name of names) {
      // The counter's upper words, which plain draws never use, keep derived keys apart from drawn numbers.
      [k0, k1] = philox(k0, k1, name % TWO_32, Math.floor(name / TWO_32), 0x7e0110, 1);
    }
    const child = new Generator(0);
    child.#key = [k0, k1];
    return child;
  }

  /** Starts the stream of `seed` from its beginning. */
  manualSeed(seed: number | bigint): this {
    this.#key = toKey(seed);
    this.#offset = 0;
    this.#pending = [];
    return this;
  }

  state(): GeneratorState {
    return { seed: String(this.seed), offset: this.#offset, pending: [...this.#pending] };
  }

  setState(state: GeneratorState): this {
    this.#key = toKey(BigInt(state.seed));
    this.#offset = state.offset;
    this.#pending = [...state.pending];
    return this;
  }
}

/** The generator used where none is given. Seeded at random until `manualSeed` is called. */
export function defaultGenerator(): Generator {
  runtime.generator ??= new Generator();
  return runtime.generator;
}

/** Seeds the default generator and returns it. */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator().manualSeed(seed);
}
