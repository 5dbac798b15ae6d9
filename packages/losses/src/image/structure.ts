import { mean, stack, type Tensor } from "@tenon/numerics";
import { checkAllPositive, checkOneOf } from "../core/check-option.ts";
import { ratio } from "../core/ratio.ts";
import { spatialDims } from "./images.ts";
import { checkWindow, gaussianWindow, mirrored, smooth } from "./windows.ts";

export interface SsimOptions {
  /** Greatest value minus least value that images can have: 1, or 255. Default 1. */
  readonly dataRange?: number;
  /** Size of the Gaussian window. Default 11. */
  readonly windowSize?: number;
  /** Its standard deviation. Default 1.5. */
  readonly sigma?: number;
  /** Keeps dark windows apart from a division by 0: C1 = (k1 dataRange)^2. Default 0.01. */
  readonly k1?: number;
  /** The same for flat windows: C2 = (k2 dataRange)^2. Default 0.03. */
  readonly k2?: number;
  /** "valid": windows inside the images only; "same": one around every pixel, borders mirrored. Default "valid". */
  readonly padding?: "valid" | "same";
}

/** @throws ArgumentError for a range, window or sigma of 0 or below, a window that is no whole number, or an unknown padding. */
export function checkSsimOptions(op: string, options: SsimOptions): void {
  const { dataRange = 1, windowSize = 11, sigma = 1.5, padding = "valid" } = options;
  checkAllPositive(op, { dataRange, sigma });
  checkWindow(op, "windowSize", windowSize);
  checkOneOf(op, "padding", padding, ["valid", "same"]);
}

/** Images, others, and their difference, which is exact before it is smoothed. */
export interface Compared {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly d: Tensor;
}

/** How much two images differ in each window: 1 minus SSIM's two factors. */
export interface Difference {
  /** `(mu_x - mu_y)^2 / (mu_x^2 + mu_y^2 + C1)` */
  readonly luminance: Tensor;
  /** `var(x - y) / (var x + var y + C2)` */
  readonly structure: Tensor;
}

export function difference(op: string, { x, y, d }: Compared, options: SsimOptions): Difference {
  const { dataRange = 1, windowSize = 11, sigma = 1.5, k1 = 0.01, k2 = 0.03, padding = "valid" } = options;
  // Variances do not change with the offset, but their digits do: the mean of the image is taken off first.
  const dims = spatialDims(x);
  const offsets = [x, y, d].map((v) => mean(v, dims, { keepdim: true }).detach());
  const [a, b, c] = [x, y, d].map((v, i) => v.sub(offsets[i]!)) as [Tensor, Tensor, Tensor];
  const fields = stack([a, b, c, a.square().add(b.square()), c.square()], 0).flatten(0, 1);
  const framed = padding === "same" ? mirrored(op, fields, windowSize) : fields;
  const means = smooth(op, framed, gaussianWindow(windowSize, sigma));
  const parts = means.unflatten(0, [5, x.shape[0]!]);
  const [ma, mb, mc, squares, square] = [0, 1, 2, 3, 4].map((i) => parts.select(0, i)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const [mx, my, md] = [ma, mb, mc].map((v, i) => v.add(offsets[i]!)) as [Tensor, Tensor, Tensor];
  const variances = squares.sub(ma.square()).sub(mb.square());
  return {
    luminance: ratio(md.square(), mx.square().add(my.square()), (k1 * dataRange) ** 2),
    structure: ratio(square.sub(mc.square()), variances, (k2 * dataRange) ** 2),
  };
}

/** `1 - SSIM` of each window. */
export function dissimilarity({ luminance, structure }: Difference): Tensor {
  return luminance.add(structure).sub(luminance.mul(structure));
}
