import {
  ArgumentError,
  asTensor,
  FormatError,
  fromTypedArray,
  Generator,
  sizeOfShape,
  type Tensor,
  type TensorArg,
  typedArrayClass,
} from "@tenon/numerics";
import { withSource } from "../checkpoint/byte-source.ts";
import { dtypeOfOnnx } from "./data-types.ts";
import type { ValueInfoProto } from "./messages.ts";
import { readModel } from "./read-model.ts";
import { openSession } from "./runtime.ts";
import { evaluating, functionOf, outputsOf, type Traceable } from "./traceable.ts";
import { compare, type OnnxComparison, OnnxVerification } from "./verification.ts";

export interface VerifyOnnxOptions {
  /** Sizes of the first dynamic dimension. Default 1, 7 and 64. Without one the file is run once. */
  readonly batchSizes?: readonly number[];
  /** Sizes of other dynamic dimensions, by name. Default 8 each. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The greatest difference allowed, for outputs of magnitude 1 or less; larger outputs may differ as many times more. Default 1e-5. */
  readonly tolerance?: number;
  /** Of the random inputs. Default 0. */
  readonly seed?: number;
  /** Makes the inputs, for models that need more than normally distributed floats and integers of 0 and 1: valid indices, for example. */
  readonly inputs?: (sizes: Readonly<Record<string, number>>) => readonly TensorArg[];
}

const OP = "verifyOnnx";
const OTHER_SIZE = 8;

/**
 * Runs an exported file in onnxruntime (install `onnxruntime-node`) and the model in Tenon on the same random inputs, made from what the file says of
 * its inputs, and compares. The model runs as it evaluates; its mode is restored.
 *
 * @param file path or bytes of the .onnx file.
 * @throws UnsupportedError if onnxruntime is missing or refuses the file; FormatError if the file is not ONNX.
 * @example console.log(await verifyOnnx("net.onnx", net)); // ... agree on net.onnx ...
 */
export async function verifyOnnx(
  file: string | URL | Uint8Array,
  model: Traceable,
  options: VerifyOnnxOptions = {},
): Promise<OnnxVerification> {
  const { batchSizes = [1, 7, 64], sizes: others = {}, tolerance = 1e-5, seed = 0 } = options;
  const name = file instanceof Uint8Array ? "bytes" : String(file);
  const { graph } = await withSource(OP, file, (source) => readModel(OP, source));
  // Older files list the weights among the inputs.
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  const infos = graph.input.filter((info) => !weights.has(info.name));
  const names = dynamicNames(infos);
  const runs = names.length === 0 ? [{}] : batchSizes.map((batch) => sizesOf(names, batch, others));
  const path = file instanceof URL ? process.getBuiltinModule("node:url").fileURLToPath(file) : file;
  const session = await openSession(OP, path, name);
  const generator = new Generator(seed);
  const comparisons: OnnxComparison[] = [];
  try {
    for (const sizes of runs) {
      const inputs =
        options.inputs?.(sizes).map((x) => asTensor(x)) ?? infos.map((info) => randomInput(info, sizes, generator));
      const got = await session.run(new Map(infos.map((info, i) => [info.name!, inputs[i]!])));
      const want = Object.values(outputsOf(evaluating(model, () => functionOf(OP, model)(...inputs))) ?? {});
      if (want.length !== got.size) {
        throw new ArgumentError({
          op: OP,
          rule: "the file is not of this model",
          received: `${got.size} outputs and ${want.length}`,
        });
      }
      graph.output.forEach((info, i) => {
        comparisons.push(compare(sizes, info.name!, got.get(info.name!)!, want[i]!));
      });
    }
  } finally {
    await session.release();
  }
  return new OnnxVerification(name, session.runtime, tolerance, comparisons);
}

/** The names of the inputs' dynamic dimensions; the batch's comes first. */
function dynamicNames(inputs: readonly ValueInfoProto[]): string[] {
  const dims = inputs.flatMap((info) => info.type?.tensorType?.shape?.dim ?? []);
  return [...new Set(dims.map((dim) => dim.dimParam).filter((name) => name !== undefined))];
}

function sizesOf(
  names: readonly string[],
  batch: number,
  others: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, others[name] ?? (i === 0 ? batch : OTHER_SIZE)]));
}

function randomInput(info: ValueInfoProto, sizes: Readonly<Record<string, number>>, generator: Generator): Tensor {
  const { elemType, shape } = info.type?.tensorType ?? {};
  const dtype = dtypeOfOnnx(elemType);
  if (dtype === undefined)
    throw new FormatError({ op: OP, rule: "an input has no element type", received: info.name ?? "" });
  const dims = (shape?.dim ?? []).map(({ dimValue, dimParam }) => dimValue ?? sizes[dimParam ?? ""] ?? OTHER_SIZE);
  const floating = dtype.includes("float");
  const count = sizeOfShape(dims);
  if (dtype === "int64")
    return fromTypedArray(
      BigInt64Array.from({ length: count }, () => BigInt(generator.integer(2))),
      dims,
    );
  if (floating) {
    const values = Float32Array.from({ length: count }, () => generator.normal());
    const tensor = fromTypedArray(values, dims);
    return dtype === "float32" ? tensor : tensor.to(dtype);
  }
  const values = new (typedArrayClass(dtype) as Uint8ArrayConstructor)(count).map(() => generator.integer(2));
  return fromTypedArray(values, dims, dtype);
}
