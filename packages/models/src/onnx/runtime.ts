import { type DType, fromTypedArray, type Tensor, type TypedArray, UnsupportedError } from "@tenon/numerics";

type Runtime = typeof import("onnxruntime-node");

/** A model loaded into onnxruntime. */
export interface OnnxSession {
  /** "onnxruntime 1.30.0" */
  readonly runtime: string;
  run(inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>;
  /** Frees the native part; nothing else does. */
  release(): Promise<void>;
}

async function loadRuntime(op: string): Promise<Runtime> {
  // Not a literal: bundlers must not look for an optional package.
  const name = "onnxruntime-node";
  try {
    const runtime = (await import(name)) as Runtime;
    runtime.env.logLevel = "error";
    return runtime;
  } catch (cause) {
    throw new UnsupportedError({
      op,
      rule: "onnxruntime is not installed, or has no binary for this platform",
      hint: "npm install onnxruntime-node",
      cause,
    });
  }
}

/**
 * Loads a model for one thread, so that sums are the same on every run.
 * @throws UnsupportedError if onnxruntime is missing or does not take the model, which it says in the text.
 */
export async function openSession(op: string, model: string | Uint8Array, name: string): Promise<OnnxSession> {
  const runtime = await loadRuntime(op);
  const options = {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  } as const;
  const { InferenceSession } = runtime;
  const opening =
    typeof model === "string" ? InferenceSession.create(model, options) : InferenceSession.create(model, options);
  const session = await opening.catch((cause: unknown) => {
    throw refusal(op, "onnxruntime does not take the model", name, cause);
  });
  return {
    runtime: `onnxruntime ${runtime.env.versions.node ?? runtime.env.versions.common}`,
    async run(inputs) {
      const feeds = new Map(
        [...inputs].map(([key, x]) => [
          key,
          new runtime.Tensor(x.dtype as "float32", x.data() as Float32Array, x.shape),
        ]),
      );
      const results = await session.run(Object.fromEntries(feeds)).catch((cause: unknown) => {
        throw refusal(op, "onnxruntime cannot run the model", name, cause);
      });
      return new Map(Object.entries(results).map(([key, y]) => [key, fromRuntime(op, key, y)]));
    },
    release: () => session.release(),
  };
}

function refusal(op: string, rule: string, name: string, cause: unknown): UnsupportedError {
  return new UnsupportedError({
    op,
    rule,
    received: `${name}: ${cause instanceof Error ? cause.message : cause}`,
    cause,
  });
}

function fromRuntime(op: string, name: string, y: InstanceType<Runtime["Tensor"]>): Tensor {
  const { data, dims, type } = y;
  if (Array.isArray(data) || !ArrayBuffer.isView(data)) {
    throw new UnsupportedError({
      op,
      rule: "only tensors of numbers can be read",
      received: `output ${name} of type ${type}`,
    });
  }
  const dtype = type as DType;
  // Where the JavaScript engine has Float16Array, that is what comes.
  const array = dtype === "float16" ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return fromTypedArray(array as TypedArray, dims, dtype);
}
