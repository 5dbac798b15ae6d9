import { asTensor, zerosLike } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import { apply, type OneOutput } from "../op.ts";
import { defaultGenerator, type Generator } from "../random/generator.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";

interface DropoutAttrs {
  readonly p: number;
  readonly key: readonly [number, number];
  readonly offset: number;
}

const definition: OneOutput<DropoutAttrs> = {
  name: "dropout",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("dropout", x!) }),
  forward: (k, [x], { p, key, offset }, spec) => {
    if (p === 1) return zerosLike(x!);
    const y = allocate(spec.shape, spec.dtype);
    if (y.size > 0) k.dropout[spec.dtype as "float32"](contiguous(x!).ptr, y.ptr, y.size, key[0], key[1], offset, p);
    return y;
  },
  // The mask is a function of key and offset: made again, not kept.
  gradient: ({ dy, attrs }) => [apply(definition, [dy], attrs)],
  saves: { inputs: "none" },
  onnx: (g, [x], { p }) => g.node("Dropout", [x!, g.constant(p, { dtype: "float32" })]),
};

export interface DropoutOptions {
  /** Chance of an element to become 0. Default 0.5. */
  readonly p?: number;
  /** Without training the input is returned as it is. Default true. */
  readonly training?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Zeroes each element with probability `p` and divides the others by `1 - p`, so that the expectation stays.
 * The same for any number of threads; the gradient makes the mask again from the generator's position instead of keeping it.
 * Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout" (JMLR 2014).
 * @throws ArgumentError unless p lies in [0, 1].
 */
export function dropout(x: TensorArg, options: DropoutOptions = {}): Tensor {
  const { p = 0.5, training = true } = options;
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError({ op: "dropout", rule: "p must lie in [0, 1]", received: `${p}` });
  }
  const t = asTensor(x);
  if (!training || p === 0) return t;
  const generator = options.generator ?? defaultGenerator();
  return apply(definition, [t], { p, key: generator.key, offset: generator.reserve(Math.ceil(t.size / 4)) });
}
