import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import {
  batched,
  onnxWindow,
  type Pair,
  pooledSpec,
  type WindowAttrs,
  type WindowOptions,
  windowAttrs,
  windowNumbers,
} from "../families/pooling.ts";
import { apply, applyMulti, type ManyOutputs, type OneOutput, unsupported } from "../op.ts";
import { runtime } from "../runtime.ts";
import type { Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";
import { to } from "./to.ts";

interface MaxPoolAttrs extends WindowAttrs {
  /** Second output: where in its plane each maximum was found (int32). */
  readonly withPlaces: boolean;
}

const definition: ManyOutputs<MaxPoolAttrs> = {
  name: "maxPool2d",
  shape: ([x], attrs) => {
    const y = pooledSpec("maxPool2d", x!, attrs);
    return attrs.withPlaces ? [y, { shape: y.shape, dtype: "int32" }] : [y];
  },
  forward: (k, [x], attrs, [spec, placesSpec]) => {
    const y = allocate(spec!.shape, spec!.dtype);
    const places = placesSpec === undefined ? null : allocate(placesSpec.shape, "int32");
    const { planes, numbers } = windowNumbers(x!, spec!, attrs);
    k.maxPool[spec!.dtype as "float32"](contiguous(x!).ptr, y.ptr, places?.ptr ?? 0, planes, numbers);
    return places === null ? [y] : [y, places];
  },
  gradient: ({ outputs, dy, specs: [x] }) => [apply(gradDefinition, [dy, outputs[1]!], { shape: x!.shape })],
  saves: { inputs: "none", outputs: "all" },
  onnx: (g, [x], attrs) => {
    if (!attrs.withPlaces) return [g.node("MaxPool", [x!], onnxWindow(attrs))];
    const [y, at] = g.nodes("MaxPool", [x!], onnxWindow(attrs), { outputs: 2 });
    // ONNX counts through the whole tensor, we within each plane.
    const plane = g.constant(x!.shape[2]! * x!.shape[3]!, { dtype: "int64" });
    return [y!, g.cast(g.node("Mod", [at!, plane]), "int32")];
  },
};

interface PlanesAttrs {
  readonly shape: Shape;
}

function planesOf(inner: Shape, outer: Shape): [planes: number, inner: number, outer: number] {
  return [inner[0]! * inner[1]!, inner[2]! * inner[3]!, outer[2]! * outer[3]!];
}

/** Zeros of `shape` with dy added at the places of the maxima. */
const gradDefinition: OneOutput<PlanesAttrs> = {
  name: "maxPoolGrad",
  shape: ([dy], { shape }) => ({ shape, dtype: dy!.dtype }),
  forward: (k, [dy, places], _attrs, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const sizes = planesOf(spec.shape, dy!.shape);
    k.maxPoolGrad[spec.dtype as "float32"](contiguous(dy!).ptr, places!.ptr, dx.ptr, ...sizes);
    return dx;
  },
  gradient: ({ inputs: [, places], dy: v }) => [apply(pickDefinition, [v, places!], { shape: places!.shape }), null],
  saves: { inputs: [1] },
  onnx: unsupported("it appears in gradients only"),
};

/** The elements of x at the places of the maxima: the adjoint of `maxPoolGrad`. */
const pickDefinition: OneOutput<PlanesAttrs> = {
  name: "maxPoolPick",
  shape: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
  forward: (k, [x, places], _attrs, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const sizes = planesOf(x!.shape, spec.shape);
    k.maxPoolPick[spec.dtype as "float32"](contiguous(x!).ptr, places!.ptr, y.ptr, ...sizes);
    return y;
  },
  gradient: ({ inputs: [, places], dy: v, specs: [x] }) => [
    apply(gradDefinition, [v, places!], { shape: x!.shape }),
    null,
  ],
  saves: { inputs: [1] },
  onnx: unsupported("it appears in gradients only"),
};

function pool(x: Tensor, attrs: WindowAttrs): Tensor {
  const wanted = isGradEnabled() && x.requiresGrad && runtime.tracer === null;
  const [y, places] = applyMulti(definition, [x], { ...attrs, withPlaces: wanted });
  places?.dispose();
  return y!;
}

/**
 * The greatest element of each window. `[N, C, H, W] -> [N, C, H', W']` (or without N), `H' = floor((H + 2 padding - dilation (kernel - 1) - 1)
 * / stride) + 1`. NaN wins; the gradient goes to the first of equals. `stride` defaults to the kernel.
 * @throws ShapeError if no window fits; ArgumentError for sizes that cannot be.
 */
export function maxPool2d(x: TensorArg, kernelSize: Pair, stride?: Pair, options: WindowOptions = {}): Tensor {
  const attrs = windowAttrs("maxPool2d", kernelSize, stride, options);
  return batched("maxPool2d", asTensor(x), 4, (t) => pool(t, attrs));
}

/** `maxPool2d` over `[N, C, L]` or `[C, L]`. */
export function maxPool1d(x: TensorArg, kernelSize: number, stride?: number, options: WindowOptions = {}): Tensor {
  const attrs = lineAttrs("maxPool1d", kernelSize, stride, options);
  return batched("maxPool1d", asTensor(x), 3, (t) => squeeze(pool(unsqueeze(t, 2), attrs), 2));
}

/** A window of height 1. */
export function lineAttrs(
  op: string,
  kernelSize: number,
  stride: number | undefined,
  options: WindowOptions,
): WindowAttrs {
  const flat = (value: Pair | undefined, none: number): Pair => [none, [value ?? none].flat()[0] as number];
  return windowAttrs(op, [1, kernelSize], [1, stride ?? kernelSize], {
    padding: flat(options.padding, 0),
    dilation: flat(options.dilation, 1),
    ...(options.ceilMode === undefined ? {} : { ceilMode: options.ceilMode }),
  });
}

/** The maxima, and where in its plane each was found (int64, row-major over H and W), as `max_unpool` takes them. */
export function maxPool2dWithIndices(
  x: TensorArg,
  kernelSize: Pair,
  stride?: Pair,
  options: WindowOptions = {},
): { values: Tensor; indices: Tensor } {
  const attrs = windowAttrs("maxPool2d", kernelSize, stride, options);
  const t = asTensor(x);
  let indices: Tensor | undefined;
  const values = batched("maxPool2d", t, 4, (planes) => {
    const [y, places] = applyMulti(definition, [planes], { ...attrs, withPlaces: true });
    indices = to(places!, "int64");
    return y!;
  });
  return { values, indices: t.ndim === 3 ? squeeze(indices!, 0) : indices! };
}
