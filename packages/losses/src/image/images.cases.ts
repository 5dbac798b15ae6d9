import { ArgumentError, ShapeError, tensor } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { normalizedCrossCorrelationLoss } from "./cross-correlation-loss.ts";
import { msSsimL1Loss, msSsimLoss } from "./ms-ssim-loss.ts";
import { mutualInformationLoss } from "./mutual-information-loss.ts";
import { psnr, psnrLoss } from "./psnr-loss.ts";
import { edgeAwareSmoothnessLoss, imageGradientLoss, totalVariationLoss } from "./smoothness-losses.ts";
import { ssim, ssimLoss } from "./ssim-loss.ts";

// Values: tools/fixtures/losses/images.py.

const image = [
  [
    [
      [0, 1],
      [2, 3],
    ],
  ],
];

function notImages(name: string): ErrorCase[] {
  return [
    {
      args: () => [[[1, 2]], [[1, 2]]],
      error: ShapeError,
      message: new RegExp(`${name}: the input must be a batch of images.*\\[1, 2\\].*\\[n, channels, height, width\\]`),
    },
    {
      args: () => [image, [[[[0, 1, 2]]]]],
      error: ShapeError,
      message: new RegExp(`${name}: input and target differ in shape.*\\[1, 1, 2, 2\\].*\\[1, 1, 1, 3\\]`),
    },
  ];
}

const noWindow: ErrorCase = {
  args: () => [image, image],
  error: ShapeError,
  message: /images are smaller than the window.*\[2, 2\], window 11.*at least 11/,
};

export const similarity: OpCases = {
  name: "ssim",
  run: ssim,
  samples: fixtures("images", "ssim"),
  errors: [...notImages("ssim"), noWindow],
};

export const dissimilarity: OpCases = {
  name: "ssimLoss",
  run: ssimLoss,
  also: ["SSIMLoss"],
  samples: fixtures("images", "ssimLoss", {
    "nearly equal": { onnx: "a difference of 1e-6 in float32 convolutions" },
    "a large offset": { gradient: "differences at 4096 lose their digits", onnx: "the same in float32" },
  }),
  errors: [
    ...notImages("ssimLoss"),
    noWindow,
    {
      args: () => [image, image, { windowSize: 1.5 }],
      error: ArgumentError,
      message: /ssimLoss: windowSize must be a whole number of 1 or more.*1.5/,
    },
    {
      args: () => [image, image, { padding: "reflect" }],
      error: ArgumentError,
      message: /ssimLoss: padding must be one of "valid", "same".*"reflect"/,
    },
    {
      args: () => [image, image, { padding: "same" }],
      error: ShapeError,
      message: /ssimLoss: the images are too small to be mirrored around the window.*\[2, 2\], window 11.*at least 6/,
    },
    {
      args: () => [image, image, { dataRange: 0 }],
      error: ArgumentError,
      message: /ssimLoss: dataRange must be a number above 0.*0/,
    },
  ],
};

// Values from 0 to 31/32 in a pattern: [161, 161] is the least size for the default scales.
function pattern(more: number): Float64Array {
  const at = (i: number, j: number) => ((i * 7 + j * 3 + more * ((i * j) % 5)) % 32) / 32;
  return Float64Array.from({ length: 161 * 161 }, (_, k) => at(Math.floor(k / 161), k % 161));
}

function whole(more: number, dtype: "float32" | "float64") {
  return tensor(pattern(more), { shape: [1, 1, 161, 161] }).to(dtype);
}

export const multiscale: OpCases = {
  name: "msSsimLoss",
  run: msSsimLoss,
  also: ["MSSSIMLoss"],
  samples: [
    ...fixtures("images", "msSsimLoss", {
      "a negative factor": { gradient: "a power of 0: taken as flat" },
    }),
    ...fixtures("images", "msSsimLoss161").map((sample) => ({
      ...sample,
      name: "five scales",
      args: ({ dtype }: { readonly dtype: string }) => [whole(0, dtype as "float32"), whole(1, dtype as "float32")],
      gradient: "25,921 pixels; the small samples are checked",
      tolerance: { float64: 1e-12 }, // the fixture's variances cancel
    })),
  ],
  errors: [
    ...notImages("msSsimLoss"),
    {
      args: () => [image, image],
      error: ShapeError,
      message: /msSsimLoss: the images are too small.*\[2, 2\], 5 scales, window 11.*at least 161/,
    },
  ],
};

export const mixed: OpCases = {
  name: "msSsimL1Loss",
  run: msSsimL1Loss,
  also: ["MSSSIML1Loss"],
  secondGradient: "pixels that are equal: a kink of the absolute error",
  samples: fixtures("images", "msSsimL1Loss"),
  errors: notImages("msSsimL1Loss"),
};

const kink = { gradient: "a kink", secondGradient: "a kink" };

export const variation: OpCases = {
  name: "totalVariationLoss",
  run: totalVariationLoss,
  also: ["TotalVariationLoss"],
  samples: fixtures("images", "totalVariationLoss", {
    flat: kink,
    "flat, roots": kink,
    "single pixels": { gradient: "constant" },
  }),
  errors: [
    notImages("totalVariationLoss")[0]!,
    {
      args: () => [image, { p: 0 }],
      error: ArgumentError,
      message: /totalVariationLoss: p must be a number above 0.*0/,
    },
    {
      args: () => [image, { pixels: "all" }],
      error: ArgumentError,
      message: /totalVariationLoss: pixels must be one of "sum", "mean".*"all"/,
    },
  ].map((row) => (row.error === ShapeError ? { ...row, args: () => [[[1, 2]]] } : row)),
};

export const gradientDifference: OpCases = {
  name: "imageGradientLoss",
  run: imageGradientLoss,
  also: ["ImageGradientLoss"],
  samples: fixtures("images", "imageGradientLoss"),
  errors: notImages("imageGradientLoss"),
};

export const smoothness: OpCases = {
  name: "edgeAwareSmoothnessLoss",
  run: edgeAwareSmoothnessLoss,
  also: ["EdgeAwareSmoothnessLoss"],
  samples: fixtures("images", "edgeAwareSmoothnessLoss"),
  errors: [
    notImages("edgeAwareSmoothnessLoss")[0]!,
    {
      args: () => [image, [[[[0, 1, 2]]]]],
      error: ShapeError,
      message:
        /edgeAwareSmoothnessLoss: map and image differ in more than their channels.*\[1, 1, 2, 2\].*\[1, 1, 1, 3\]/,
    },
  ],
};

const noise = {
  equal: { gradient: "infinite", onnx: "the logarithm of 0" },
  extremes: { gradient: "1e30 and 1e-30", onnx: "squares overflow float32" },
};

function notBatches(name: string): ErrorCase {
  return {
    args: () => [[1], [2]],
    error: ShapeError,
    message: new RegExp(`${name}: input and target must be batches of one shape.*\\[1\\]`),
  };
}

export const signalToNoise: OpCases = {
  name: "psnr",
  run: psnr,
  samples: fixtures("images", "psnr", noise),
  errors: [notBatches("psnr")],
};

export const noiseToSignal: OpCases = {
  name: "psnrLoss",
  run: psnrLoss,
  also: ["PSNRLoss"],
  samples: fixtures("images", "psnrLoss", noise),
  errors: [notBatches("psnrLoss")],
};

export const information: OpCases = {
  name: "mutualInformationLoss",
  run: mutualInformationLoss,
  also: ["MutualInformationLoss"],
  samples: fixtures("images", "mutualInformationLoss", {
    "a range": { gradient: "pixels on the edge of the range" },
  }),
  errors: [
    ...notImages("mutualInformationLoss"),
    {
      args: () => [image, image, { bins: 1 }],
      error: ArgumentError,
      message: /mutualInformationLoss: there must be at least two bins.*1/,
    },
  ],
};

export const correlation: OpCases = {
  name: "normalizedCrossCorrelationLoss",
  run: normalizedCrossCorrelationLoss,
  also: ["NormalizedCrossCorrelationLoss"],
  samples: fixtures("images", "normalizedCrossCorrelationLoss", {
    "a flat image": kink,
    "two flat images": kink,
    "nearly equal": { onnx: "a difference of 1e-6 in float32" },
  }),
  errors: [
    ...notImages("normalizedCrossCorrelationLoss"),
    {
      args: () => [image, image, { window: 3 }],
      error: ShapeError,
      message: /normalizedCrossCorrelationLoss: the images are smaller than the window.*\[2, 2\], window 3/,
    },
    {
      args: () => [image, image, { window: 1.5 }],
      error: ArgumentError,
      message: /normalizedCrossCorrelationLoss: window must be a whole number of 1 or more.*1.5/,
    },
  ],
};
