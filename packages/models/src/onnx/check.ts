import { type PathOrBytes, withSource } from "../checkpoint/byte-source.ts";
import { checkModel } from "./check-model.ts";
import { readModel } from "./read-model.ts";

export interface CheckOnnxOptions {
  /** Sizes of dynamic dimensions at which shapes are followed through the graph. Default: several are tried. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/**
 * Checks an ONNX file strictly: protobuf, names, order of nodes, operator sets, attributes, types, shapes, sizes of data. Every export has passed it.
 * @throws FormatError naming what is wrong; UnsupportedError for element types that Tenon has not.
 */
export async function checkOnnx(file: PathOrBytes, { sizes }: CheckOnnxOptions = {}): Promise<void> {
  const { model } = await withSource("checkOnnx", file, (source) => readModel("checkOnnx", source));
  checkModel(
    model,
    sizes === undefined ? { op: "checkOnnx" } : { op: "checkOnnx", sizes: new Map(Object.entries(sizes)) },
  );
}
