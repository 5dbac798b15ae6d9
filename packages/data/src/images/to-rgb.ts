import type { Image } from "../value.ts";

/** The image with three channels: grey is repeated, alpha is dropped (not blended), as Pillow's `convert("RGB")` does. */
export function toRgb(image: Image): Image {
  const { data, width, height, channels } = image;
  if (channels === 3) return image;
  const out = new Uint8Array(width * height * 3);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let i = 0, s = 0, t = 0; i < width * height; i++, s += channels, t += 3) {
    out[t] = data[s]!;
    out[t + 1] = data[s + green]!;
    out[t + 2] = data[s + blue]!;
  }
  return { data: out, width, height, channels: 3 };
}
