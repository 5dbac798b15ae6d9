import type { DType, TypedArray } from "../dtype.ts";
import type { TenonError } from "../errors.ts";
import type { OpDefinition } from "../op.ts";
import type { NestedArray, Tensor } from "../tensor.ts";

/** Makes the tensors of a sample. Floating ones come in the dtype that is being tested and take part in gradient checks. */
export interface SampleTensors {
  /** The dtype being tested: float32 or float64, or one of the sample's `dtypes`. */
  readonly dtype: DType;
  /** A tensor in the dtype being tested, or in `options.dtype`. `shape` is for shapes that nesting cannot tell: `[0, 3]`. */
  tensor(data: NestedArray | number | TypedArray, options?: { dtype?: DType; shape?: readonly number[] }): Tensor;
  /** An int64 tensor: class indices, gather indices. */
  index(data: NestedArray | number): Tensor;
  /** A bool tensor: masks. Numbers other than 0 are true. */
  bool(data: NestedArray | number): Tensor;
}

/**
 * One call. `args` gives its arguments: nested arrays become tensors in the dtype under test, except where `plain` names their position;
 * typed arrays keep their type; numbers, strings, booleans, null and options objects pass as they are, Tensors too. Tensors are found inside lists and options.
 *
 * @example { args: () => [[[1, 2], [3, 4]], { dim: 1 }], expect: [3, 7] }
 * @example { args: ({ tensor, index }) => [tensor([[0.5, 1]]), index([1])], expect: 0.4740769841801067 }
 * @example { args: () => [[1, 2, 3, 4], [2, 2]], plain: [1], expect: [[1, 2], [3, 4]] }     // reshape(x, [2, 2])
 */
export interface Sample {
  /** Names the sample in messages. Default: its position. */
  readonly name?: string;
  readonly args: (make: SampleTensors) => readonly unknown[];
  /** Positions of arguments that are arrays but not tensors (shapes, sizes). Default: those of the cases. */
  readonly plain?: readonly number[];
  /** The exact result (float64), from a formula or PyTorch; a list of them for several outputs. Booleans for bool results. */
  readonly expect?: Expected;
  /** The result's shape, where the nesting of `expect` cannot tell it or there is no `expect`. */
  readonly shape?: readonly number[];
  /** The result's dtype, where it is not the dtype under test (for samples with `dtypes`: per dtype). */
  readonly resultDType?: DType;
  /** Gradients of the sum of all outputs with respect to the floating tensors, in the order of the arguments; null where there is none. */
  readonly grads?: readonly (Expected | null)[];
  /** The dtypes the sample runs in. Default: float32 and float64. For integer and bool samples: `["int32", "int64"]`. */
  readonly dtypes?: readonly DType[];
  /** Elementwise reference of this sample (its options baked in). Default: that of the cases. */
  readonly reference?: (...elements: number[]) => number;
  /** The formula written in other operations, in float64: what a kernel is compared with. Called with the same arguments. Default: that of the cases. */
  readonly composed?: (...args: never[]) => Tensor | readonly Tensor[];
  /** Why finite differences do not apply to this sample: "kink at 0". The gradient is then held against `grads`, if given. */
  readonly gradient?: string;
  /** Why second derivatives are not checked for this sample. */
  readonly secondGradient?: string;
  /** Why this sample is not run through ONNX. */
  readonly onnx?: string;
  /** Why the strided form of this sample is not checked. */
  readonly strided?: string;
  readonly tolerance?: Tolerance;
}

/** Numbers, nested as the tensor is; for several outputs a list of those. */
export type Expected = number | boolean | bigint | NestedArray | readonly Expected[];

/** `|got - want| <= absolute + relative * |want|`. Given per dtype, or once for both. */
export interface Tolerance {
  /** Default: 1 unit in the last place of float32; 1e-14 in float64. Matmul and convolution say more. */
  readonly float32?: number | { readonly relative?: number; readonly absolute?: number };
  readonly float64?: number | { readonly relative?: number; readonly absolute?: number };
  /** For finite differences (float64). Default relative 1e-5, absolute 1e-7. */
  readonly gradient?: number | { readonly relative?: number; readonly absolute?: number };
  /** Against onnxruntime (float32). Default relative 1e-5, absolute 1e-6. */
  readonly onnx?: number | { readonly relative?: number; readonly absolute?: number };
}

/** A call that must fail, and how. */
export interface ErrorCase {
  readonly name?: string;
  readonly args: (make: SampleTensors) => readonly unknown[];
  readonly plain?: readonly number[];
  /** The class, exactly: `ShapeError`. */
  readonly error: abstract new (
    ...args: never[]
  ) => TenonError;
  /** What the text must say: op, received, expected. */
  readonly message: RegExp;
}

/** Something that is not checked, and why. Every one is printed. */
export interface Skip {
  /** Which check. */
  readonly check:
    | "values"
    | "gradient"
    | "secondGradient"
    | "strided"
    | "broadcast"
    | "empty"
    | "scalar"
    | "special"
    | "dtypes"
    | "onnx";
  readonly dtype?: DType;
  readonly backend?: "native" | "wasm";
  readonly reason: string;
}

/** Everything the generic suite needs to know about an operation. Lives beside it: `ops/gelu.cases.ts` exports `cases` (one, or a list). */
export interface OpCases {
  /** The exported name: `gelu`. */
  readonly name: string;
  /** The public function, or a call of it. */
  readonly run: (...args: never[]) => Tensor | readonly Tensor[];
  /** Its definition, where the function has one that is not `run.op`. */
  readonly op?: OpDefinition<never>;
  /** Other exports that these cases cover: in-place forms, classes, aliases. */
  readonly also?: readonly string[];
  readonly samples: readonly Sample[];
  readonly errors?: readonly ErrorCase[];
  /**
   * Elementwise operations: the formula over float64 numbers, accurate to a few units of 1e-16, over one element of each tensor. With it the suite
   * makes samples of its own: broadcasting (if there are several tensors), strides, empty, scalar, a large one, and NaN, infinities, zeros and extremes.
   */
  readonly reference?: (...elements: number[]) => number;
  /** The derivatives with respect to each element, likewise. With it gradients are also checked at extremes, where finite differences see nothing. */
  readonly derivative?: (...elements: number[]) => number | readonly number[];
  /** The formula written in other operations, in float64. Called with the arguments of each sample. */
  readonly composed?: (...args: never[]) => Tensor | readonly Tensor[];
  /** Where the made samples come from, for each tensor or once for all. Default [-3, 3]. */
  readonly domain?: readonly [number, number] | readonly (readonly [number, number])[];
  /** How many tensors the elementwise operation takes. Default: how many `reference` takes. */
  readonly arity?: number;
  /** Extra arguments of the made samples, after the tensors: `[{ negativeSlope: 0.2 }]`. */
  readonly extra?: readonly unknown[];
  /** Points at which elementwise operations are checked beside the usual ones (NaN, infinities, zeros, smallest, largest, 1000). */
  readonly special?: readonly number[];
  /** Positions of arguments that are arrays but not tensors, in all samples. */
  readonly plain?: readonly number[];
  /** Points at which the derivative jumps; made samples stay away from them. */
  readonly kinks?: readonly number[];
  /** Why there is no gradient to check: "step function". Default: checked, or taken from `nonDifferentiable(...)` of the definition. */
  readonly gradient?: string;
  /** Why second derivatives are not checked. */
  readonly secondGradient?: string;
  /** Why it is not run through ONNX. Default: run, or taken from `unsupported(...)` of the definition. */
  readonly onnx?: string;
  readonly tolerance?: Tolerance;
  readonly skip?: readonly Skip[];
}
