import { cat, type DType, dropout, linear, Parameter, sigmoid, stack, type Tensor, tanh, zeros } from "@tenon/numerics";
import { type InitOptions, uniform_ } from "../init.ts";
import { Module } from "../module.ts";

export interface LSTMOptions extends InitOptions {
  /** Layers, each fed with the outputs of the one below. Default 1. */
  readonly numLayers?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether batch comes before time in x and output. Default false, as in PyTorch. */
  readonly batchFirst?: boolean;
  /** Probability of dropping an output between layers, in training. Default 0. */
  readonly dropout?: number;
  /** Adds a second pass from the end; outputs are joined. Default false. */
  readonly bidirectional?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/** Hidden and cell state, each `[numLayers · directions, batch, hidden]`. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/**
 * Long short-term memory.
 *
 *     i, f, g, o = split(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
 *     c_t = sigmoid(f) · c_{t-1} + sigmoid(i) · tanh(g),   h_t = sigmoid(o) · tanh(c_t)
 *
 * Shapes: x `[time, batch, in]` (`[batch, time, in]` with `batchFirst`) → output `[time, batch, directions · hidden]` likewise,
 * and the last state. Keys are PyTorch's: `weight_ih_l0` `[4 hidden, in]`, `weight_hh_l0` `[4 hidden, hidden]`, `bias_ih_l0`,
 * `bias_hh_l0`, with `_reverse` for the second direction; all start even in ±1/√hidden.
 * Source: Hochreiter, Schmidhuber, "Long short-term memory" (1997).
 * @example const [output, [h, c]] = new LSTM(8, 12, { batchFirst: true })(x);
 */
export class LSTM extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly directions: 1 | 2;
  readonly hasBias: boolean;

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, bidirectional = false, dtype = "float32" } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.batchFirst = batchFirst;
    this.dropout = options.dropout ?? 0;
    this.directions = bidirectional ? 2 : 1;
    this.hasBias = bias;
    for (let layer = 0; layer < numLayers; layer++) {
      const into = layer === 0 ? inputSize : hiddenSize * this.directions;
      for (const suffix of this.#suffixes(layer)) {
        const shapes: [string, number[]][] = [
          ["weight_ih", [4 * hiddenSize, into]],
          ["weight_hh", [4 * hiddenSize, hiddenSize]],
        ];
        if (bias) shapes.push(["bias_ih", [4 * hiddenSize]], ["bias_hh", [4 * hiddenSize]]);
        for (const [name, shape] of shapes) Reflect.set(this, name + suffix, new Parameter(zeros(shape, { dtype })));
      }
    }
    this.resetParameters(options);
  }

  resetParameters(options: InitOptions = {}): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound, options);
  }

  forward(x: Tensor, state?: LSTMState): [output: Tensor, state: LSTMState] {
    let values = this.batchFirst ? x.transpose(0, 1) : x;
    const [, batch] = values.shape as [number, number];
    const [h0, c0] = state ?? [this.#zeroState(batch, x.dtype), this.#zeroState(batch, x.dtype)];
    const last: { h: Tensor[]; c: Tensor[] } = { h: [], c: [] };
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && this.dropout > 0) values = dropout(values, { p: this.dropout, training: this.training });
      const outputs = this.#suffixes(layer).map((suffix, direction) => {
        const at = layer * this.directions + direction;
        const run = this.#run(values, suffix, direction === 1, h0.select(0, at), c0.select(0, at));
        last.h.push(run.h);
        last.c.push(run.c);
        return run.output;
      });
      values = outputs.length === 1 ? outputs[0]! : cat(outputs, 2);
    }
    return [this.batchFirst ? values.transpose(0, 1) : values, [stack(last.h, 0), stack(last.c, 0)]];
  }

  /** One layer in one direction. x `[time, batch, in]` → output `[time, batch, hidden]`. */
  #run(x: Tensor, suffix: string, reverse: boolean, h: Tensor, c: Tensor): { output: Tensor; h: Tensor; c: Tensor } {
    const n = this.hiddenSize;
    // The input's share of all gates at once, in one multiplication.
    const fromInput = linear(x, this.#weight(`weight_ih${suffix}`)!, this.#weight(`bias_ih${suffix}`));
    const outputs: Tensor[] = [];
    for (let step = 0; step < x.shape[0]!; step++) {
      const t = reverse ? x.shape[0]! - 1 - step : step;
      const fromState = linear(h, this.#weight(`weight_hh${suffix}`)!, this.#weight(`bias_hh${suffix}`));
      const gates = fromInput.select(0, t).add(fromState); // [batch, 4 hidden]
      const [i, f, g, o] = [0, 1, 2, 3].map((k) => gates.narrow(1, k * n, n)) as [Tensor, Tensor, Tensor, Tensor];
      c = sigmoid(f)
        .mul(c)
        .add(sigmoid(i).mul(tanh(g)));
      h = sigmoid(o).mul(tanh(c));
      outputs[t] = h;
    }
    return { output: stack(outputs, 0), h, c };
  }

  #weight(name: string): Parameter | undefined {
    return Reflect.get(this, name) as Parameter | undefined;
  }

  #suffixes(layer: number): string[] {
    return this.directions === 2 ? [`_l${layer}`, `_l${layer}_reverse`] : [`_l${layer}`];
  }

  #zeroState(batch: number, dtype: DType): Tensor {
    return zeros([this.numLayers * this.directions, batch, this.hiddenSize], { dtype });
  }

  protected override describe(): string {
    const layers = this.numLayers > 1 ? `, numLayers: ${this.numLayers}` : "";
    return `${this.inputSize}, ${this.hiddenSize}${layers}${this.directions === 2 ? ", bidirectional" : ""}`;
  }
}
