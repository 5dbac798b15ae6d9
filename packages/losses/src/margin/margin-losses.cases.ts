import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { cosineEmbeddingLoss } from "./cosine-embedding-loss.ts";
import { hingeEmbeddingLoss } from "./hinge-embedding-loss.ts";
import { marginRankingLoss } from "./margin-ranking-loss.ts";
import { multiMarginLoss } from "./multi-margin-loss.ts";
import { multilabelMarginLoss } from "./multilabel-margin-loss.ts";
import { multilabelSoftMarginLoss } from "./multilabel-soft-margin-loss.ts";
import { softHingeLoss, softMarginLoss } from "./soft-margin-loss.ts";
import { tripletMarginLoss, tripletMarginWithDistanceLoss } from "./triplet-margin-loss.ts";

// Values and gradients: tools/fixtures/losses/pytorch.py.

const FAR = { gradient: "finite differences meet infinity", onnx: "float32 on the way" };
const KINK = { gradient: "a kink" };
const LINEAR = "piecewise linear";
const NOTHING = { gradient: "0 / 0", onnx: "0 / 0" };

const otherSigns: ErrorCase = {
  args: () => [[1, 2], [1, 0.5], { checkTarget: true }],
  error: ArgumentError,
  message: /a target has no meaning here.*0.5 at position 1.*1 or -1/,
};

export const softMargin: OpCases = {
  name: "softMarginLoss",
  run: softMarginLoss,
  also: ["SoftMarginLoss"],
  samples: fixtures("pytorch", "softMarginLoss", { "far out, 1": FAR, "far out, -1": FAR }),
  errors: [stretches, otherSigns],
};

export const softHinge: OpCases = {
  name: "softHingeLoss",
  run: softHingeLoss,
  also: ["SoftHingeLoss"],
  samples: fixtures("pytorch", "softHingeLoss", { "far out, 1": FAR, "far out, -1": FAR }),
  errors: [stretches, otherSigns],
};

export const hingeEmbedding: OpCases = {
  name: "hingeEmbeddingLoss",
  run: hingeEmbeddingLoss,
  also: ["HingeEmbeddingLoss"],
  secondGradient: LINEAR,
  samples: fixtures("pytorch", "hingeEmbeddingLoss", { "at the margin": KINK, nothing: NOTHING }),
  errors: [stretches, otherSigns],
};

export const multiMargin: OpCases = {
  name: "multiMarginLoss",
  run: multiMarginLoss,
  also: ["MultiMarginLoss"],
  samples: fixtures("pytorch", "multiMarginLoss", { "at the margin": KINK }),
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([0]), { p: 3 }],
      error: ArgumentError,
      message: /multiMarginLoss: p must be 1 or 2.*3/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([0]), { weight: [1, 2, 3] }],
      error: ShapeError,
      message: /there must be one weight for each class.*\[3\].*\[2\]/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([2])],
      error: IndexOutOfRangeError,
      message: /multiMarginLoss: a target is not a class.*2 at position 0.*0 to 1/,
    },
  ],
};

export const multilabelMargin: OpCases = {
  name: "multilabelMarginLoss",
  run: multilabelMarginLoss,
  also: ["MultiLabelMarginLoss"],
  secondGradient: LINEAR,
  samples: fixtures("pytorch", "multilabelMarginLoss", { "at the margin": KINK }),
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([0])],
      error: ShapeError,
      message: /multilabelMarginLoss: there must be as many labels as scores.*\[1, 2\].*\[1\]/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([[0, 2]])],
      error: IndexOutOfRangeError,
      message: /a target is not a class.*2 at position 1.*0 to 1, or -1/,
    },
    {
      args: ({ tensor }) => [tensor([], { shape: [2, 0] }), tensor([], { shape: [2, 0], dtype: "int64" })],
      error: ArgumentError,
      message: /multilabelMarginLoss: there are no classes.*\[2, 0\]/,
    },
    {
      args: () => [
        [1, 2],
        [0.5, 1],
      ],
      error: DTypeError,
      message: /whole numbers.*0.5/,
    },
  ],
};

export const multilabelSoftMargin: OpCases = {
  name: "multilabelSoftMarginLoss",
  run: multilabelSoftMarginLoss,
  also: ["MultiLabelSoftMarginLoss"],
  samples: fixtures("pytorch", "multilabelSoftMarginLoss", { "infinite logits": FAR }),
  errors: [
    {
      args: () => [[[1, 2]], [1, 0]],
      error: ShapeError,
      message: /multilabelSoftMarginLoss: input and target differ in shape/,
    },
    {
      args: () => [[1, 2], [1, 2], { checkTarget: true }],
      error: ArgumentError,
      message: /a target has no meaning here.*2 at position 1.*0 to 1/,
    },
  ],
};

export const marginRanking: OpCases = {
  name: "marginRankingLoss",
  run: marginRankingLoss,
  also: ["MarginRankingLoss"],
  secondGradient: LINEAR,
  samples: fixtures("pytorch", "marginRankingLoss", { ties: KINK, nothing: NOTHING }),
  errors: [
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 1],
      ],
      error: ShapeError,
      message: /the shapes would stretch each other.*input1 \[2, 1\], input2 \[2\].*together \[2, 2\].*broadcast: true/,
    },
    {
      args: () => [[1], [2], [3], { checkTarget: true }],
      error: ArgumentError,
      message: /a target has no meaning here.*3 at position 0.*1 or -1/,
    },
  ],
};

export const cosineEmbedding: OpCases = {
  name: "cosineEmbeddingLoss",
  run: cosineEmbeddingLoss,
  also: ["CosineEmbeddingLoss"],
  samples: fixtures("pytorch", "cosineEmbeddingLoss", {
    "any size, 1": FAR,
    "any size, -1": FAR,
    "small angles": { onnx: "float32 on the way" },
  }),
  errors: [
    {
      args: ({ index }) => [[[1, 2]], [[1, 2]], index([1, 1])],
      error: ShapeError,
      message: /there must be one target for each pair.*target \[2\].*\[1\]/,
    },
    {
      args: ({ index }) => [
        [[[1, 2]]],
        [
          [1, 2],
          [3, 4],
        ],
        index([[1, 1]]),
      ],
      plain: [],
      error: ShapeError,
      message: /the shapes would stretch each other|there must be one target/,
    },
    {
      args: ({ index }) => [[1, 2], [1, 2], index(0), { checkTarget: true }],
      error: ArgumentError,
      message: /a target has no meaning here.*0 at position 0.*1 or -1/,
    },
  ],
};

export const tripletMargin: OpCases = {
  name: "tripletMarginLoss",
  run: tripletMarginLoss,
  also: ["TripletMarginLoss"],
  samples: fixtures("pytorch", "tripletMarginLoss", {
    "at the margin": KINK,
    "all equal": KINK,
    "large powers": FAR,
  }),
  errors: [
    {
      args: () => [[1], [2], [3], { p: 0.5 }],
      error: ArgumentError,
      message: /tripletMarginLoss: p must be 1 or more.*0.5/,
    },
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 2],
      ],
      error: ShapeError,
      message: /the shapes would stretch each other.*anchor \[2, 1\], positive \[2\], negative \[2\]/,
    },
  ],
};

export const tripletMarginWithDistance: OpCases = {
  name: "tripletMarginWithDistanceLoss",
  run: tripletMarginWithDistanceLoss,
  also: ["TripletMarginWithDistanceLoss"],
  samples: fixtures("pytorch", "tripletMarginWithDistanceLoss"),
  errors: [
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 2],
      ],
      error: ShapeError,
      message: /tripletMarginWithDistanceLoss: the shapes would stretch each other/,
    },
  ],
};
