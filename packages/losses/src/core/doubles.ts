import {
  asTensor,
  type DType,
  isFloatingPoint,
  isTracing,
  promoteTypes,
  Tensor,
  type TensorArg,
} from "@tenon/numerics";

/**
 * The arguments as float64, for a formula whose steps must not round: float32 in, float64 inside, and `lossFunction` rounds the result once. Gradients
 * take the same way back. Integers stay as they are; in a trace everything does, so that an exported graph computes in the model's own dtype.
 */
export function doubles<A extends readonly TensorArg[]>(...args: A): { [K in keyof A]: Tensor } {
  return args.map((arg) => {
    const x = asTensor(arg);
    return isFloatingPoint(x.dtype) && !isTracing() ? x.to("float64") : x;
  }) as { [K in keyof A]: Tensor };
}

/** A float16 or bfloat16 tensor as float32, anything else as it is: those are for storage, and operations do not compute in them. */
export function widened<T>(arg: T): T {
  if (Array.isArray(arg)) return arg.some((item) => item instanceof Tensor) ? (arg.map(widened) as T) : arg;
  if (!(arg instanceof Tensor) || !(arg.dtype === "float16" || arg.dtype === "bfloat16")) return arg;
  return arg.to("float32") as T;
}

function dtypesOf(arg: unknown): DType[] {
  if (arg instanceof Tensor) return [arg.dtype];
  if (ArrayBuffer.isView(arg)) return [asTensor(arg as TensorArg).dtype];
  // A list of tensors; plain numbers are float32 only where nothing else says what is wanted.
  return Array.isArray(arg) ? arg.filter((item) => item instanceof Tensor).map(({ dtype }) => dtype) : [];
}

/** What a result computed from these arguments is rounded to: the dtype of the floating tensors, promoted; float32 where all are plain numbers. */
export function resultDType(args: readonly unknown[]): DType {
  const floating = args.flatMap(dtypesOf).filter(isFloatingPoint);
  return floating.length === 0 ? "float32" : floating.reduce((a, b) => promoteTypes(a, b));
}
