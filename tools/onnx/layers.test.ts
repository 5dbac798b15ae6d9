import * as models from "@tenon/models";
import {
  AdaptiveAvgPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  Dropout,
  ELU,
  Embedding,
  exportOnnx,
  Flatten,
  GELU,
  GroupNorm,
  Identity,
  importOnnx,
  LayerNorm,
  LeakyReLU,
  Linear,
  LogSoftmax,
  LSTM,
  MaxPool2d,
  Module,
  ModuleList,
  MultiheadAttention,
  PReLU,
  ReLU,
  Sequential,
  Sigmoid,
  SiLU,
  Softmax,
  Tanh,
  TransformerEncoderLayer,
  verifyOnnx,
} from "@tenon/models";
import { Generator, manualSeed, noGrad, randint, randn, relu, Tensor } from "@tenon/numerics";
import { beforeAll, describe, expect, test } from "vitest";

// Every layer is exported with a dynamic batch and agrees with onnxruntime at the batch sizes 1, 7 and 64.

class Net extends Module {
  conv1 = new Conv2d(3, 6, 5);
  pool = new MaxPool2d(2, 2);
  conv2 = new Conv2d(6, 16, 5);
  fc1 = new Linear(16 * 5 * 5, 120);
  fc2 = new Linear(120, 84);
  fc3 = new Linear(84, 10);

  forward(input: Tensor): Tensor {
    let x = this.pool(relu(this.conv1(input)));
    x = this.pool(relu(this.conv2(x)));
    x = relu(this.fc1(x.flatten(1)));
    return this.fc3(relu(this.fc2(x)));
  }
}

/** What each layer is exported with: the example input, and inputs for other batches where random floats will not do. */
interface Row {
  readonly layer: () => models.Traceable;
  readonly shape: readonly number[];
  /** The axis of the batch. Default 0. */
  readonly axis?: number;
  readonly inputs?: (shape: readonly number[]) => Tensor;
}

const image = [2, 4, 8, 8];
const rows: Readonly<Record<string, Row>> = {
  "the tutorial's network": { layer: () => new Net(), shape: [1, 3, 32, 32] },
  AdaptiveAvgPool2d: { layer: () => new AdaptiveAvgPool2d(1), shape: image },
  "AdaptiveAvgPool2d to 4 by 2": { layer: () => new AdaptiveAvgPool2d([4, 2]), shape: image },
  AvgPool2d: { layer: () => new AvgPool2d(3, 2, { padding: 1 }), shape: image },
  BatchNorm1d: { layer: () => trained(new BatchNorm1d(4)), shape: [2, 4] },
  BatchNorm2d: { layer: () => trained(new BatchNorm2d(4)), shape: image },
  BatchNorm3d: { layer: () => trained(new BatchNorm3d(4)), shape: [2, 4, 3, 3, 3] },
  Conv1d: { layer: () => new Conv1d(4, 6, 3, { padding: 1 }), shape: [2, 4, 9] },
  Conv2d: { layer: () => new Conv2d(4, 6, 3, { stride: 2, padding: 1, groups: 2 }), shape: image },
  Conv3d: { layer: () => new Conv3d(4, 2, 2, { bias: false }), shape: [2, 4, 3, 3, 3] },
  ConvTranspose1d: { layer: () => new ConvTranspose1d(4, 6, 3, { stride: 2 }), shape: [2, 4, 9] },
  ConvTranspose2d: {
    layer: () => new ConvTranspose2d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
    shape: image,
  },
  ConvTranspose3d: { layer: () => new ConvTranspose3d(4, 2, 2, { bias: false }), shape: [2, 4, 3, 3, 3] },
  Dropout: { layer: () => new Dropout(), shape: [2, 5] },
  ELU: { layer: () => new ELU({ alpha: 0.5 }), shape: [2, 5] },
  Embedding: {
    layer: () => new Embedding(10, 4),
    shape: [2, 5],
    inputs: (shape) => randint(0, 10, shape, { generator: new Generator(3) }),
  },
  Flatten: { layer: () => new Flatten(), shape: image },
  GELU: { layer: () => new GELU(), shape: [2, 5] },
  "GELU by tanh": { layer: () => new GELU({ approximate: "tanh" }), shape: [2, 5] },
  GroupNorm: { layer: () => new GroupNorm(2, 4), shape: image },
  Identity: { layer: () => new Identity(), shape: [2, 5] },
  LSTM: { layer: () => new LSTM(4, 3, { numLayers: 2, bidirectional: true }), shape: [5, 2, 4], axis: 1 },
  LayerNorm: { layer: () => new LayerNorm([8, 8]), shape: image },
  LeakyReLU: { layer: () => new LeakyReLU(), shape: [2, 5] },
  Linear: { layer: () => new Linear(5, 3), shape: [2, 5] },
  "Linear over sequences": { layer: () => new Linear(5, 3), shape: [2, 4, 5] },
  LogSoftmax: { layer: () => new LogSoftmax(1), shape: [2, 5] },
  MaxPool2d: { layer: () => new MaxPool2d(3, 2, { ceilMode: true }), shape: image },
  ModuleList: { layer: () => new Stack(), shape: [2, 5] },
  MultiheadAttention: { layer: () => new SelfAttention(), shape: [2, 6, 8] },
  PReLU: { layer: () => new PReLU({ numParameters: 4 }), shape: image },
  ReLU: { layer: () => new ReLU(), shape: [2, 5] },
  Sequential: { layer: () => new Sequential(new Linear(5, 4), new ReLU(), new Linear(4, 2)), shape: [2, 5] },
  SiLU: { layer: () => new SiLU(), shape: [2, 5] },
  Sigmoid: { layer: () => new Sigmoid(), shape: [2, 5] },
  Softmax: { layer: () => new Softmax(1), shape: [2, 5] },
  Tanh: { layer: () => new Tanh(), shape: [2, 5] },
  TransformerEncoderLayer: {
    layer: () => new TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
    shape: [2, 6, 8],
  },
};

/** Running statistics that are not those of the start. */
function trained<M extends Module & ((x: Tensor) => Tensor)>(layer: M): M {
  const dims = layer.constructor === BatchNorm1d ? [] : layer.constructor === BatchNorm2d ? [3, 3] : [2, 2, 2];
  for (let i = 0; i < 3; i++)
    layer(
      randn([8, 4, ...dims])
        .mul(2)
        .add(1),
    );
  return layer;
}

class Stack extends Module {
  layers = new ModuleList([new Linear(5, 5), new Linear(5, 5)]);
  forward(input: Tensor): Tensor {
    let x = input;
    for (const layer of this.layers) x = relu(layer(x));
    return x;
  }
}

class SelfAttention extends Module {
  attention = new MultiheadAttention(8, 2, { batchFirst: true });
  forward(x: Tensor): unknown {
    return this.attention(x, x, x);
  }
}

function call(model: models.Traceable, x: Tensor): unknown {
  (model as unknown as Module).eval();
  return (model as (x: Tensor) => unknown)(x);
}

function outputsOf(result: unknown): Tensor[] {
  return result instanceof Tensor ? [result] : (result as unknown[]).flatMap(outputsOf);
}

function expectClose(got: readonly Tensor[], want: readonly Tensor[]): void {
  expect(got.map(({ shape }) => shape)).toEqual(want.map(({ shape }) => shape));
  got.forEach((y, i) => {
    const values = want[i]!.data() as Float32Array;
    const differences = Array.from(y.data() as Float32Array, (v, k) => Math.abs(v - values[k]!));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });
}

beforeAll(() => {
  manualSeed(0);
});

describe("layers in ONNX", () => {
  test.each(Object.keys(rows))("%s", async (name) => {
    const { layer, shape, axis = 0, inputs = randn } = rows[name]!;
    const model = layer();
    const bytes = await exportOnnx(model, [inputs(shape)], { dynamicAxes: { input: { [axis]: "batch" } } });
    const result = await verifyOnnx(bytes, model, {
      inputs: ({ batch }) => [inputs(shape.map((size, i) => (i === axis ? batch! : size)))],
    });
    expect(result.ok, String(result)).toBe(true);
    expect(result.comparisons.length).toBeGreaterThanOrEqual(3);
    // And back: the file as a module of ours, at a size that the export has not seen.
    const back = await importOnnx(bytes);
    const x = inputs(shape.map((size, i) => (i === axis ? 5 : size)));
    expectClose(outputsOf(noGrad(() => back(x))), outputsOf(noGrad(() => call(model, x))));
  });

  test("there is a row for every layer", () => {
    const layers = Object.entries(models).flatMap(([name, value]) =>
      typeof value === "function" && value.prototype instanceof Module ? [name] : [],
    );
    expect(layers.filter((name) => !(name in rows))).toEqual([]);
  });
});
