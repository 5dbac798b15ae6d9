import {
  ArgumentError,
  asTensor,
  GraphError,
  prune,
  TenonError,
  type Tensor,
  type TensorArg,
  trace,
} from "@tenon/numerics";
import { writeAtomically } from "../checkpoint/atomic-write.ts";
import { checkModel } from "./check-model.ts";
import { type DynamicGraph, mergeVariants, type Variant } from "./dynamic.ts";
import { type DynamicAxes, DynamicDimensions } from "./dynamic-axes.ts";
import { externalPlaces, writeExternal } from "./external-data.ts";
import type { OnnxGraph } from "./ir.ts";
import { lower } from "./lower.ts";
import { modelSchema } from "./messages.ts";
import { modelProto } from "./model-proto.ts";
import { concatenate, encodeMessage } from "./protobuf.ts";
import type { Sizes } from "./relation.ts";
import { evaluating, functionOf, modulesOf, outputsOf, stateOf, type Traceable } from "./traceable.ts";

export interface ExportOnnxOptions {
  /** Where to write the file. It is replaced only when the new one is complete. */
  readonly path?: string | URL;
  /** Version of the operator set: 17 to 23. Default 21, the last that onnxruntime's CPU kernels cover fully. */
  readonly opset?: number;
  /** Default `input`, or `input0`, `input1`, ... for several. */
  readonly inputNames?: readonly string[];
  /** Default `output`, or `output0`, `output1`, ... for a list, or the keys of an object. */
  readonly outputNames?: readonly string[];
  /** Axes whose size may vary: `{ input: { 0: "batch" } }`. All others are fixed to the example's. Default none. */
  readonly dynamicAxes?: DynamicAxes;
  /** Text for the file's metadata: task, class names, normalisation. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Weights in a second file, `<path>.data`. Default: only where one file would be larger than protobuf's 2 GiB. */
  readonly externalData?: boolean;
}

const OP = "exportOnnx";
const MAX_FILE = 2 ** 31 - 1;

/**
 * Writes a model as ONNX: runs it on example inputs, records the operations, and lets each say how it is written. The model is exported as it evaluates
 * (dropout off, batch statistics frozen); its mode is restored. Weights keep their names from the state dict. The result is checked: names, order,
 * types, attributes and shapes of every node. Equal models give equal bytes.
 *
 * With dynamic axes the model is traced at several sizes, and what differs is computed from the inputs' shapes.
 *
 * @param model a module, an object with `forward`, or a function of tensors.
 * @param exampleInputs one tensor for each input; their values do not matter unless the model needs valid indices.
 * @returns the file's bytes.
 * @throws UnsupportedError naming an operation without ONNX form; GraphError for what a graph cannot hold; FileError if `path` cannot be written.
 * @example
 * await exportOnnx(net, [zeros([1, 3, 32, 32])], { path: "net.onnx", dynamicAxes: { input: { 0: "batch" } } });
 */
export async function exportOnnx(
  model: Traceable,
  exampleInputs: readonly TensorArg[],
  options: ExportOnnxOptions = {},
): Promise<Uint8Array> {
  const { path, opset = 21, dynamicAxes = {}, metadata = {} } = options;
  if (!Number.isInteger(opset) || opset < 17 || opset > 23) {
    throw new ArgumentError({
      op: OP,
      rule: "this operator set is not offered",
      received: `opset ${opset}`,
      expected: "17 to 23",
    });
  }
  const examples = exampleInputs.map((x) => asTensor(x));
  const inputNames = namesOf("inputNames", options.inputNames, numbered("input", examples.length));
  const dynamic = new DynamicDimensions(examples, inputNames, dynamicAxes);
  const variants = dynamic.sizes.map((sizes): Variant => {
    const graph = atSizes(sizes, () =>
      traceAndLower(model, dynamic.inputs(sizes), inputNames, opset, options.outputNames),
    );
    return { sizes, graph };
  });
  const merged = nameOutputAxes(mergeVariants(variants, dynamic.sources), inputNames, dynamicAxes);
  const external = externalPlaces(merged.graph.initializers, path, options.externalData);
  const graphName = (model as { constructor?: { name?: string } }).constructor?.name || "graph";
  const message = modelProto(merged, { graphName, metadata, external: external.places });
  for (const { sizes } of variants) checkModel(message, { op: OP, sizes });
  const encoded = encodeMessage(modelSchema, message);
  if (encoded.length > MAX_FILE) {
    throw new ArgumentError({
      op: OP,
      rule: "an ONNX file cannot be larger than 2 GiB",
      received: `${encoded.length} bytes`,
      hint: "Give a path; the weights are then written to a second file beside it",
    });
  }
  // The weights first: a model must not be seen without them.
  if (external.file !== null) await writeExternal(OP, external.file, external.places, merged.graph.initializers);
  if (path !== undefined) await writeAtomically(OP, path, encoded.chunks);
  return concatenate(encoded);
}

function traceAndLower(
  model: Traceable,
  inputs: readonly Tensor[],
  inputNames: readonly string[],
  opset: number,
  givenNames: readonly string[] | undefined,
): OnnxGraph {
  const run = functionOf(OP, model);
  const fn = (...args: Tensor[]) => {
    const result = run(...args);
    return outputsOf(result) ?? result;
  };
  const graph = evaluating(model, () => trace(fn, inputs, { parameters: stateOf(model), modules: modulesOf(model) }));
  const outputNames = namesOf(
    "outputNames",
    givenNames,
    graph.outputs.map(({ name }) => name),
  );
  const both = inputNames.find((name) => outputNames.includes(name));
  if (both !== undefined) {
    throw new ArgumentError({ op: OP, rule: "an input and an output have the same name", received: both });
  }
  return lower(prune(graph), { opset, inputNames, outputNames });
}

/** Errors at sizes that the caller did not choose say where they come from. */
function atSizes<R>(sizes: Sizes, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (sizes.size === 0 || !(error instanceof TenonError) || error.op.startsWith(OP)) throw error;
    throw new GraphError({
      op: OP,
      rule: `the model fails at ${[...sizes].map(([name, size]) => `${name} ${size}`).join(", ")}: ${error.message}`,
      hint: "Dynamic axes are found by running at other sizes; name two that fit: dynamicAxes: { input: { 1: { name, sizes: [8, 16] } } }",
      cause: error,
    });
  }
}

function numbered(name: string, count: number): readonly string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}${i}`);
}

function namesOf(
  option: string,
  given: readonly string[] | undefined,
  otherwise: readonly string[],
): readonly string[] {
  const names = given ?? otherwise;
  if (names.length === otherwise.length && new Set(names).size === names.length && !names.includes("")) return names;
  throw new ArgumentError({
    op: OP,
    rule: `${option} must hold one name for each, all different`,
    received: names.join(", "),
    expected: `${otherwise.length} names`,
  });
}

/** Applies the entries of `dynamicAxes` that name outputs. */
function nameOutputAxes(merged: DynamicGraph, inputNames: readonly string[], axes: DynamicAxes): DynamicGraph {
  const dimensions = new Map(merged.dimensions);
  for (const [name, wanted] of Object.entries(axes)) {
    if (inputNames.includes(name)) continue;
    const sizes = merged.graph.outputs.includes(name) ? [...dimensions.get(name)!] : null;
    for (const [axis, entry] of Object.entries(wanted)) {
      const at = Number(axis) < 0 ? Number(axis) + (sizes?.length ?? 0) : Number(axis);
      if (sizes === null || sizes[at] === undefined || typeof sizes[at] === "number") {
        throw new ArgumentError({
          op: OP,
          rule: sizes === null ? "dynamicAxes names something that is no input or output" : "this axis does not vary",
          received: sizes === null ? name : `axis ${axis} of ${name} [${sizes}]`,
          expected: `one of ${[...inputNames, ...merged.graph.outputs].join(", ")}`,
        });
      }
      sizes[at] = typeof entry === "string" ? entry : entry.name;
    }
    if (sizes !== null) dimensions.set(name, sizes);
  }
  return { ...merged, dimensions };
}
