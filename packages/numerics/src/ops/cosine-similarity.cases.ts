import { IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cosineSimilarity } from "./cosine-similarity.ts";

const A = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const B = [
  [1, -1, 0.5],
  [0.25, 1, -2],
];

// Values and gradients: PyTorch 1.13, float64; at the extremes by the formula.
export const cases: OpCases = {
  name: "cosineSimilarity",
  run: cosineSimilarity,
  samples: [
    {
      args: () => [A, B],
      expect: [0.7604312428023119, 0.3547052819856098],
      grads: [
        [
          [0.21110701168705429, -0.11298685132546565, -0.12339353500017963],
          [-0.07297439877793119, 0.11477088105012088, -0.26569007109240583],
        ],
        [
          [-0.1997092152814152, -0.007681123664669887, 0.3840561832334909],
          [0.4081300281612202, 0.03634634370963656, 0.06918942537497082],
        ],
      ],
    },
    {
      args: () => [A, B, 0],
      expect: [0.39872611141445, 0.9701425001453318, 0.47058823529411764],
      grads: [
        [
          [0.29742812635240057, 0.08560080883635263, -0.10380622837370243],
          [-0.049571354392066766, 0.14266801472725477, -0.41522491349480967],
        ],
        [
          [-0.2157811897066435, -0.1212678125181666, 0.41522491349480967],
          [0.8631247588265741, -0.12126781251816637, 0.10380622837370243],
        ],
      ],
    },
    { name: "one pair", args: () => [[3, 4], [4, 3], 0], expect: 0.96 },
    { name: "stretched", args: () => [A, [4, 3, 0], 1], expect: [-0.14517323726225953, 0.9098190482930892] },
    {
      name: "shorter than eps",
      args: () => [[0.25, 0.5], [3, 4], 0, { eps: 1 }],
      expect: 0.55,
      grads: [
        [0.6, 0.8],
        [-0.016000000000000004, 0.011999999999999988],
      ],
    },
    {
      name: "zeros",
      args: () => [[0, 0], [3, 4], 0, { eps: 0 }],
      expect: 0,
      grads: [
        [0, 0],
        [0, 0],
      ],
      gradient: "a kink",
    },
    {
      name: "any size",
      args: () => [[3e-30, 4e-30], [4e30, 3e30], 0, { eps: 0 }],
      expect: 0.96,
      gradient: "beyond what differences see",
      onnx: "float32 on the way",
    },
    {
      name: "any size of doubles",
      args: () => [[3e-300, 4e-300], [4e300, 3e300], 0, { eps: 0 }],
      dtypes: ["float64"],
      expect: 0.96,
      gradient: "beyond what differences see",
      onnx: "squares",
    },
    {
      name: "not a number",
      args: () => [[Number.NaN, 4], [4, 3], 0, { eps: 0 }],
      expect: Number.NaN,
      gradient: "not a number",
    },
    { name: "parallel", args: () => [[1, 2, 3], [3, 6, 9], 0], expect: 1 },
    { name: "scalars", args: ({ tensor }) => [tensor(-2), tensor(3), 0], expect: -1, gradient: "a step" },
    {
      name: "no rows",
      args: ({ tensor }) => [tensor([], { shape: [0, 3] }), tensor([], { shape: [0, 3] })],
      shape: [0],
      onnx: "onnxruntime refuses to reshape nothing",
    },
  ],
  errors: [
    { args: () => [[1, 2], [1, 2, 3], 0], error: ShapeError, message: /cosineSimilarity.*\[2\].*\[3\]/ },
    {
      args: () => [
        [1, 2],
        [1, 2],
      ],
      error: IndexOutOfRangeError,
      message: /cosineSimilarity/,
    },
  ],
};
