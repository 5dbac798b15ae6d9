import { BitReader } from "./jpeg-bits.ts";
import { type Component, type Fail, type Frame, type Huffman, type Scan, ZIGZAG } from "./jpeg-segments.ts";

/** What decoding a block needs besides its coefficients. */
interface State {
  readonly bits: BitReader;
  readonly scan: Scan;
  /** Blocks that follow without a code of their own (progressive). */
  run: number;
}

type BlockDecoder = (state: State, block: Int16Array, at: number, part: Part) => void;

interface Part {
  readonly component: Component;
  readonly dc: Huffman | undefined;
  readonly ac: Huffman | undefined;
  /** The mean of the component's last block. */
  last: number;
}

/** Decodes the entropy-coded data at `at` into the components' coefficients; gives the position of the next marker. */
export function decodeScan(
  bytes: Uint8Array,
  at: number,
  frame: Frame,
  scan: Scan,
  restartInterval: number,
  fail: Fail,
): number {
  const bits = new BitReader(bytes, at, fail);
  const state: State = { bits, scan, run: 0 };
  const decode = chooseDecoder(frame, scan);
  const parts = scan.parts.map((part): Part => ({ ...part, last: 0 }));
  const alone = parts.length === 1 ? parts[0] : undefined;
  const unitsWide = alone?.component.blocksWide ?? frame.mcusWide;
  const units = unitsWide * (alone?.component.blocksHigh ?? frame.mcusHigh);
  for (let unit = 0; unit < units; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      bits.restart(unit / restartInterval - 1);
      state.run = 0;
      for (const part of parts) part.last = 0;
    }
    const row = Math.floor(unit / unitsWide);
    const column = unit % unitsWide;
    if (alone !== undefined) {
      const { coefficients, stride } = alone.component;
      decode(state, coefficients, (row * stride + column) * 64, alone);
    } else {
      for (const part of parts) decodeUnit(state, decode, part, row, column);
    }
  }
  for (const { component } of parts) component.seen = true;
  return bits.end();
}

/** The h by v blocks of one component in an interleaved unit. */
function decodeUnit(state: State, decode: BlockDecoder, part: Part, row: number, column: number): void {
  const { h, v, stride, coefficients } = part.component;
  for (let y = 0; y < v; y++) {
    for (let x = 0; x < h; x++) {
      decode(state, coefficients, ((row * v + y) * stride + column * h + x) * 64, part);
    }
  }
}

function chooseDecoder({ progressive }: Frame, { first, high }: Scan): BlockDecoder {
  if (!progressive) return decodeBaseline;
  if (first === 0) return high === 0 ? decodeMean : refineMean;
  return high === 0 ? decodeDetails : refineDetails;
}

function decodeBaseline({ bits }: State, block: Int16Array, at: number, part: Part): void {
  part.last += bits.difference(bits.symbol(part.dc!));
  block[at] = part.last;
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(part.ac!);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size === 0) {
      if (zeros < 15) return;
      k += 15;
    } else {
      k += zeros;
      if (k > 63) throw bits.error("a run of zeros leaves the block");
      block[at + ZIGZAG[k]!] = bits.difference(size);
    }
  }
}

function decodeMean({ bits, scan }: State, block: Int16Array, at: number, part: Part): void {
  part.last += bits.difference(bits.symbol(part.dc!));
  block[at] = part.last << scan.low;
}

function refineMean({ bits, scan }: State, block: Int16Array, at: number): void {
  if (bits.bit()) block[at] = block[at]! | (1 << scan.low);
}

function decodeDetails(state: State, block: Int16Array, at: number, part: Part): void {
  if (state.run > 0) {
    state.run--;
    return;
  }
  const { bits, scan } = state;
  for (let k = scan.first; k <= scan.last; k++) {
    const symbol = bits.symbol(part.ac!);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size !== 0) {
      k += zeros;
      if (k > 63) throw bits.error("a run of zeros leaves the block");
      block[at + ZIGZAG[k]!] = bits.difference(size) << scan.low;
    } else if (zeros === 15) k += 15;
    else {
      state.run = (1 << zeros) - 1 + bits.take(zeros);
      return;
    }
  }
}

/** One more bit of coefficients that are known already, and new ones of that size (T.81, G.1.2.3). */
function refineDetails(state: State, block: Int16Array, at: number, part: Part): void {
  const { bits, scan } = state;
  const plus = 1 << scan.low;
  let k = scan.first;
  if (state.run === 0) {
    for (; k <= scan.last; k++) {
      const symbol = bits.symbol(part.ac!);
      let zeros = symbol >> 4;
      let value = 0;
      if ((symbol & 15) !== 0) value = bits.bit() ? plus : -plus;
      else if (zeros < 15) {
        state.run = (1 << zeros) + bits.take(zeros);
        break;
      }
      for (; k <= scan.last; k++) {
        const i = at + ZIGZAG[k]!;
        if (block[i] !== 0) refine(bits, block, i, plus);
        else if (--zeros < 0) {
          if (value !== 0) block[i] = value;
          break;
        }
      }
    }
  }
  if (state.run > 0) {
    for (; k <= scan.last; k++) {
      const i = at + ZIGZAG[k]!;
      if (block[i] !== 0) refine(bits, block, i, plus);
    }
    state.run--;
  }
}

function refine(bits: BitReader, block: Int16Array, i: number, plus: number): void {
  const value = block[i]!;
  if (bits.bit() && (value & plus) === 0) block[i] = value + (value > 0 ? plus : -plus);
}
