import { readFileSync } from "node:fs";
import { join } from "node:path";

const TYPES = { f32: Float32Array, f64: Float64Array, u8: Uint8Array, u32: Uint32Array } as const;

export type Column = Float32Array | Float64Array | Uint8Array | Uint32Array;

/** One function of the manifest. */
export interface VectorSet {
  readonly name: string;
  readonly group: "unary" | "binary" | "loss" | "rows" | "batch";
  readonly file: string;
  readonly n: number;
  readonly inputs?: readonly string[];
  readonly outputs: readonly string[];
  readonly columns: Readonly<Record<string, readonly [keyof typeof TYPES, number, number]>>;
  readonly size?: number;
  readonly sampled?: number;
  readonly families?: readonly string[];
}

export interface ReductionCase {
  readonly kind: string;
  readonly n: number;
  readonly seed: number;
  readonly a: number;
  readonly b: number;
  readonly bitsum: string;
  readonly [result: string]: unknown;
}

export function readManifest(dir: string): readonly VectorSet[] {
  return (JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as { sets: VectorSet[] }).sets;
}

export function readColumns(dir: string, set: VectorSet): Readonly<Record<string, Column>> {
  const bytes = readFileSync(join(dir, set.file));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return Object.fromEntries(
    Object.entries(set.columns).map(([name, [type, offset, length]]) => [
      name,
      new TYPES[type](buffer, offset, length),
    ]),
  );
}

export function readReductions(dir: string): readonly ReductionCase[] {
  return (JSON.parse(readFileSync(join(dir, "reductions.json"), "utf8")) as { cases: ReductionCase[] }).cases;
}

function mix(word: number): number {
  let z = word;
  z ^= z >>> 16;
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const KINDS: Readonly<Record<string, (c: number, s: number, z: number, a: number, b: number) => number>> = {
  uniform: (c) => c,
  centered: (c) => 2 * c - 1,
  offset: (c, _s, _z, a, b) => a + b * (2 * c - 1),
  alternating: (c, s) => s * (1 + c),
  constant: (_c, _s, _z, a) => a,
  cancel: (c, s, _z, a, b) => s * (a + b * c),
  big: (c, _s, _z, a) => a * (2 * c - 1),
  tiny: (c, _s, _z, a) => a * (2 * c - 1),
  wide: (c, _s, z) => (z & 64 ? -1 : 1) * (1 + c) * 2 ** ((z & 63) - 32),
};

/** The vector of a reduction case. */
export function reductionVector(c: ReductionCase): Float32Array {
  const make = KINDS[c.kind]!;
  const { seed } = c;
  const out = new Float32Array(c.n);
  for (let i = 0; i < c.n; i++) {
    const z = mix((seed + Math.imul(i + 1, 0x9e3779b9)) | 0);
    out[i] = make((z >>> 8) * 2 ** -24, i % 2 === 0 ? 1 : -1, z, c.a, c.b);
  }
  return out;
}
