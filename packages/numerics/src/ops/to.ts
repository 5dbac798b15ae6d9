import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { type DType, isDType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, type OneOutput } from "../op.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";

const definition: OneOutput<{ readonly dtype: DType }> = {
  name: "to",
  shape: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
  forward: (k, [x], { dtype }) => {
    const source = x!.isContiguous() ? x! : contiguousCopy(x!);
    const out = allocate(x!.shape, dtype);
    cast(k, source, out);
    return out;
  },
  // The tape casts a gradient to the input's type.
  gradient: ({ dy }) => [dy],
  saves: { inputs: "none" },
  onnx: (g, [x], { dtype }) => g.cast(x!, dtype),
};

const casts = {
  float32: "castToFloat32",
  float64: "castToFloat64",
  float16: "castToFloat16",
  bfloat16: "castToBfloat16",
  int8: "castToInt8",
  uint8: "castToUint8",
  int16: "castToInt16",
  int32: "castToInt32",
  int64: "castToInt64",
  bool: "castToBool",
} as const satisfies Record<DType, keyof Kernels>;

function cast(k: Kernels, x: Tensor, y: Tensor): void {
  const [from, to] = [x.dtype, y.dtype];
  if (from === "float16") {
    if (to === "bfloat16") k.castFloat16ToBfloat16(x.ptr, y.ptr, x.size);
    else if (to !== "float16") k.castFromFloat16[to](x.ptr, y.ptr, x.size);
  } else if (from === "bfloat16") {
    if (to === "float16") k.castBfloat16ToFloat16(x.ptr, y.ptr, x.size);
    else if (to !== "bfloat16") k.castFromBfloat16[to](x.ptr, y.ptr, x.size);
  } else {
    k[casts[to]][from](x.ptr, y.ptr, x.size);
  }
}

/**
 * The values as another element type: itself where it has that type already. Floating to integer truncates towards zero;
 * anything to bool is "not zero"; float64 to float32 rounds to nearest.
 * @throws DTypeError for a name that is no element type.
 */
export function to(x: TensorArg, dtype: DType): Tensor {
  if (!isDType(dtype)) {
    throw new DTypeError({ op: "to", rule: "no such element type", received: JSON.stringify(dtype) });
  }
  const t = asTensor(x);
  return t.dtype === dtype ? t : apply(definition, [t], { dtype });
}
