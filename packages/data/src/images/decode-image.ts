import { FormatError } from "@tenon/numerics";
import type { ReadLimits } from "../files/gunzip.ts";
import type { Image } from "../value.ts";
import { decodeJpeg } from "./jpeg.ts";
import { decodePng } from "./png.ts";

const PNG = [0x89, 0x50, 0x4e, 0x47];
const JPEG = [0xff, 0xd8];

/**
 * The pixels of a PNG or JPEG file, which is told by its first bytes. Colour profiles and orientation tags are not applied.
 * @param options.maxBytes most bytes of pixels; default 256 MiB. Nothing larger is allocated.
 * @throws FormatError naming the offset, for anything damaged, cut off, above the limit or of another format.
 */
export function decodeImage(bytes: Uint8Array, { maxBytes = 2 ** 28, name = "bytes" }: ReadLimits = {}): Image {
  const starts = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(PNG)) return decodePng(bytes, maxBytes, name);
  if (starts(JPEG)) return decodeJpeg(bytes, maxBytes, name);
  throw new FormatError({
    op: "decodeImage",
    rule: "neither PNG nor JPEG",
    received: `${name}, which begins with ${[...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join(" ") || "nothing"}`,
  });
}
