import { FormatError } from "@tenon/numerics";
import type { Image } from "../value.ts";
import { toPixels } from "./jpeg-pixels.ts";
import { decodeScan } from "./jpeg-scan.ts";
import {
  type Frame,
  parseFrame,
  parseHuffman,
  parseQuantization,
  parseScan,
  Reader,
  type Tables,
} from "./jpeg-segments.ts";

/** More scans than any encoder makes, few enough that a small file cannot keep the decoder busy. */
const MAX_SCANS = 100;

/**
 * The pixels of a JPEG file: baseline, extended and progressive Huffman coding, 8 bits, grey or three components. Arithmetic of the inverse
 * transform, of the smooth chroma interpolation and of the colour conversion is that of libjpeg, so the result equals Pillow's bit for bit.
 * Written here because files are untrusted and the JavaScript libraries fill damaged parts with grey: this one refuses them, checks sizes before
 * it allocates, and bounds the number of scans.
 * Source: ITU-T T.81 (1992); T.871 (JFIF); Independent JPEG Group, jidctint.c, jdsample.c, jdcolor.c.
 */
export function decodeJpeg(bytes: Uint8Array, maxBytes: number, name: string): Image {
  const fail = (rule: string, at: number) =>
    new FormatError({ op: "decodeImage", rule: `JPEG: ${rule}`, received: `byte ${at} of ${name}` });
  const reader = new Reader(bytes, fail);
  const tables: Tables = {
    quantization: [],
    dc: [],
    ac: [],
    restartInterval: 0,
    adobeTransform: undefined,
    jfif: false,
  };
  let frame: Frame | undefined;
  let scans = 0;
  for (;;) {
    const { marker, at } = reader.nextMarker();
    if (marker === 0xd9) break;
    const segment = reader.segment();
    if (marker === 0xc4) parseHuffman(segment, at, tables, fail);
    else if (marker === 0xdb) parseQuantization(segment, at, tables, fail);
    else if (marker === 0xdd) {
      if (segment.length !== 2) throw fail("a restart interval of the wrong length", at);
      tables.restartInterval = (segment[0]! << 8) | segment[1]!;
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      if (frame !== undefined) throw fail("a second frame header", at);
      frame = parseFrame(marker, segment, at, maxBytes, bytes.length, fail);
    } else if (marker === 0xda) {
      if (frame === undefined) throw fail("a scan before the frame header", at);
      if (++scans > MAX_SCANS) throw fail(`more than ${MAX_SCANS} scans`, at);
      const scan = parseScan(segment, at, frame, tables, fail);
      reader.at = decodeScan(bytes, reader.at, frame, scan, tables.restartInterval, fail);
    } else if (marker === 0xe0) tables.jfif ||= startsWith(segment, "JFIF\0");
    else if (marker === 0xee && segment.length >= 12 && startsWith(segment, "Adobe"))
      tables.adobeTransform = segment[11];
    else if (!(marker >= 0xe1 && marker <= 0xef) && marker !== 0xfe) {
      throw fail(`unexpected marker ${marker.toString(16)}`, at);
    }
  }
  if (frame === undefined) throw fail("no frame header", bytes.length);
  if (!frame.components.every(({ seen }) => seen)) throw fail("a component has no scan: no pixels", bytes.length);
  return toPixels(frame, isYcc(frame, tables));
}

function startsWith(segment: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => segment[i] === letter.charCodeAt(0));
}

/** Whether three components are luma and chroma, decided as libjpeg does where no marker says it. */
function isYcc({ components }: Frame, { jfif, adobeTransform }: Tables): boolean {
  if (jfif) return true;
  if (adobeTransform !== undefined) return adobeTransform !== 0;
  return String.fromCharCode(...components.map(({ id }) => id)) !== "RGB";
}
