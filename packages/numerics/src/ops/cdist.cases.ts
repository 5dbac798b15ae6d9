import { ArgumentError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cdist } from "./cdist.ts";
import { pdist } from "./pdist.ts";

const A = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const B = [
  [1, -1, 0.5],
  [0.25, 1, -2],
  [0.5, -1.25, 2],
];
const C = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
  [1, -1, 0.5],
];

// A row of A is one of B: its distance is 0.
const KINK = "a kink where rows are equal";

// Values and gradients: PyTorch 1.13, float64.
export const cases: OpCases[] = [
  {
    name: "cdist",
    run: cdist,
    samples: [
      {
        args: () => [A, B],
        expect: [
          [1.6007810593582121, 4.596194077712559, 0.0],
          [2.839454172900137, 3.142451272494134, 4.06201920231798],
        ],
        grads: [
          [
            [-0.25795469445517005, -0.6457092257869852, 1.8073278404843103],
            [2.1949311925504658, 1.0291258699276946, -0.4903034469214751],
          ],
          [
            [-0.3920132012832869, -0.4601418725393306, -0.5848622088013868],
            [-0.9295058419153451, 0.5690911923159521, -1.347619639658112],
            [-0.6154574548966636, -0.4923659639173309, 0.6154574548966636],
          ],
        ],
        gradient: KINK,
      },
      {
        args: () => [A, B, { p: 1 }],
        expect: [
          [2.25, 6.5, 0.0],
          [4.75, 4.5, 7.0],
        ],
        grads: [
          [
            [0.0, -2.0, 2.0],
            [3.0, 1.0, -1.0],
          ],
          [
            [0.0, 0.0, 0.0],
            [-2.0, 2.0, -2.0],
            [-1.0, -1.0, 1.0],
          ],
        ],
        gradient: KINK,
      },
      {
        args: () => [A, B, { p: 3 }],
        expect: [
          [1.52055049889335, 4.224763942321744, 0.0],
          [2.4305907780232054, 2.8919913798288768, 3.3984421929296182],
        ],
        grads: [
          [
            [-0.10462636623332812, -0.31066721759533306, 1.8695796456360179],
            [2.122441828228321, 0.8572501874442253, -0.44139932492851386],
          ],
          [
            [-0.568946218248864, -0.49135296663954275, -0.8038837558603128],
            [-0.9077160283114758, 0.2911080546688282, -1.165449780281844],
            [-0.5411532154346527, -0.34633805787817773, 0.5411532154346527],
          ],
        ],
        gradient: KINK,
      },
      {
        args: () => [A, B, { p: 0.5 }],
        expect: [
          [5.913902460147013, 16.0, 0.0],
          [13.965835822584724, 11.445076468887269, 20.944271909999163],
        ],
        grads: [
          [
            [4.560842411244575, -7.530369971822939, 3.9855985596534884],
            [7.57700860933371, -0.7050726419706361, -3.869261717668784],
          ],
          [
            [0.7966364608753915, 2.03872939148812, 1.751490658251902],
            [-10.04006029045376, 9.432781199805245, -4.762254691236523],
            [-2.894427190999916, -3.23606797749979, 2.894427190999916],
          ],
        ],
        gradient: KINK,
      },
      {
        args: () => [A, B, { p: Number.POSITIVE_INFINITY }],
        expect: [
          [1.5, 4.0, 0.0],
          [2.0, 2.75, 2.5],
        ],
        grads: [
          [
            [0.0, 0.0, 2.0],
            [3.0, 0.0, -1.0],
          ],
          [
            [-1.0, 0.0, -1.0],
            [-1.0, 0.0, -1.0],
            [-1.0, 0.0, 1.0],
          ],
        ],
        gradient: KINK,
      },
      {
        args: () => [A, B, { p: 0 }],
        expect: [
          [3, 3, 0],
          [3, 3, 3],
        ],
        gradient: "counts",
      },
      { name: "no row twice", args: () => [A, B.slice(0, 2)], shape: [2, 2] },
      { name: "no row twice, p 3", args: () => [A, B.slice(0, 2), { p: 3 }], shape: [2, 2] },
      {
        name: "batches that broadcast",
        args: ({ tensor }) => [tensor([[A], [C.slice(0, 2)]]), tensor([B, C])],
        shape: [2, 2, 2, 3],
        gradient: KINK,
      },
      {
        name: "no rows",
        args: ({ tensor }) => [tensor([], { shape: [0, 3] }), B],
        shape: [0, 3],
        onnx: "onnxruntime refuses to reshape nothing",
      },
      {
        name: "no columns",
        args: ({ tensor }) => [tensor([], { shape: [2, 0] }), tensor([], { shape: [1, 0] })],
        expect: [[0], [0]],
        onnx: "onnxruntime refuses to reshape nothing",
      },
      {
        name: "beyond the squares' range",
        args: ({ tensor }) => [
          tensor([
            [3e200, 4e200],
            [3e-200, 4e-200],
          ]),
          tensor([[0, 0]]),
        ],
        dtypes: ["float64"],
        onnx: "squares",
        expect: [[5e200], [5e-200]],
        grads: [
          [
            [0.6, 0.8],
            [0.6, 0.8],
          ],
          [[-1.2, -1.6]],
        ],
        gradient: "beyond what differences see",
      },
      {
        name: "close rows",
        args: () => [[[4096, 1]], [[4096, 1.0001220703125]]],
        expect: [[0.0001220703125]],
        gradient: "a kink beside",
      },
      {
        name: "infinities",
        args: () => [[[Infinity, 1]], [[0, 1]]],
        expect: [[Infinity]],
        gradient: "finite differences meet infinity",
      },
      {
        name: "long rows",
        args: ({ tensor }) => [
          tensor([Array.from({ length: 37 }, (_, i) => i / 8)]),
          tensor([Array.from({ length: 37 }, (_, i) => (i % 5) / 4)]),
        ],
        expect: [[13.61639636614622]],
      },
    ],
    errors: [
      { args: () => [A, B, { p: -1 }], error: ArgumentError, message: /cdist: p must be 0 or more.*-1/ },
      { args: () => [[[1]], B], error: ShapeError, message: /cdist: takes rows of one length.*\[1, 1\] and \[3, 3\]/ },
      { args: () => [[1, 2, 3], B], error: ShapeError, message: /cdist: takes rows of one length/ },
    ],
  },
  {
    name: "pdist",
    run: pdist,
    samples: [
      {
        args: () => [C],
        expect: [4.06201920231798, 1.6007810593582121, 2.839454172900137],
        grads: [
          [
            [-0.9278049786738758, -0.648539725805937, 1.5525000262283],
            [1.3198181799571627, 1.1086815983452676, -0.9676378174269131],
            [-0.3920132012832869, -0.4601418725393306, -0.5848622088013868],
          ],
        ],
      },
      {
        args: () => [C, { p: 1 }],
        expect: [7.0, 2.25, 4.75],
        grads: [
          [
            [-2.0, -2.0, 2.0],
            [2.0, 2.0, -2.0],
            [0.0, 0.0, 0.0],
          ],
        ],
        secondGradient: "piecewise linear",
      },
      { name: "one row", args: () => [[[1, 2]]], shape: [0], onnx: "onnxruntime refuses to reshape nothing" },
    ],
    errors: [{ args: () => [[1, 2]], error: ShapeError, message: /pdist: takes \[n, m\].*\[2\]/ }],
  },
];
