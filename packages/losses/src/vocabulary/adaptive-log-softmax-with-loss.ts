import {
  ArgumentError,
  Callable,
  type DType,
  type Generator,
  type HasParameters,
  Parameter,
  rand,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import {
  type AdaptiveSoftmaxWeights,
  adaptiveLogSoftmax,
  adaptiveLogSoftmaxLoss,
  adaptivePrediction,
  checkCutoffs,
} from "./adaptive-log-softmax.ts";

export interface AdaptiveLogSoftmaxOptions {
  /** A cluster has `1 / divValue` of the features of the one before it. Default 4. */
  readonly divValue?: number;
  /** Whether the head has a learned bias. Default false. */
  readonly headBias?: boolean;
  /** Draws the first weights. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Default float32. */
  readonly dtype?: DType;
}

/** What an adaptive softmax gives for rows with targets. */
export interface AdaptiveOutput {
  /** The logarithm of each target's probability, in the targets' shape. */
  readonly output: Tensor;
  /** Minus their mean. */
  readonly loss: Tensor;
}

const OP = "AdaptiveLogSoftmaxWithLoss";

/**
 * An adaptive softmax with its matrices: `adaptiveLogSoftmaxLoss` for training, `logProb` and `predict` for use. Classes must be ordered from frequent to rare.
 *
 * Parameters are named as PyTorch's: `head.weight`, `head.bias`, `tail.0.0.weight` (the projection of the first cluster), `tail.0.1.weight`, and so on, all drawn
 * uniformly from ±1/√in. Source: Grave et al., "Efficient softmax approximation for GPUs" (2017), arXiv 1609.04309.
 * @throws ArgumentError for cutoffs that do not increase from above 0 to below the number of classes, or a cluster without features.
 * @example new AdaptiveLogSoftmaxWithLoss(64, 10000, [100, 1000]).predict(zeros([32, 64])).shape // [32]
 */
export class AdaptiveLogSoftmaxWithLoss extends Callable implements HasParameters {
  readonly inFeatures: number;
  readonly numClasses: number;
  readonly cutoffs: readonly number[];
  readonly headWeight: Parameter;
  readonly headBias: Parameter | null;
  readonly tail: readonly (readonly [projection: Parameter, weight: Parameter])[];

  constructor(
    inFeatures: number,
    numClasses: number,
    cutoffs: readonly number[],
    { divValue = 4, headBias = false, generator, dtype = "float32" }: AdaptiveLogSoftmaxOptions = {},
  ) {
    super();
    checkCutoffs(OP, cutoffs, numClasses);
    this.inFeatures = inFeatures;
    this.numClasses = numClasses;
    this.cutoffs = [...cutoffs];
    const draw = (rows: number, features: number, shape: readonly number[] = [rows, features]) => {
      const even = rand([...shape], { dtype, ...(generator !== undefined && { generator }) });
      return new Parameter(even.mul(2).sub(1).div(Math.sqrt(features)));
    };
    const headSize = cutoffs[0]! + cutoffs.length;
    this.headWeight = draw(headSize, inFeatures);
    this.headBias = headBias ? draw(headSize, inFeatures, [headSize]) : null;
    this.tail = cutoffs.map((low, i) => {
      const features = clusterFeatures(inFeatures, divValue, i);
      return [draw(features, inFeatures), draw((cutoffs[i + 1] ?? numClasses) - low, features)] as const;
    });
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["head.weight", this.headWeight];
    if (this.headBias !== null) yield ["head.bias", this.headBias];
    for (const [i, [projection, weight]] of this.tail.entries()) {
      yield [`tail.${i}.0.weight`, projection];
      yield [`tail.${i}.1.weight`, weight];
    }
  }

  /** Rows `[..., D]` and targets `[...]`: each target's log-probability and minus their mean. */
  forward(input: TensorArg, target: TensorArg): AdaptiveOutput {
    const output = adaptiveLogSoftmaxLoss(input, target, { ...this.#weights(), reduction: "none" }).neg();
    return { output, loss: output.mean().neg() };
  }

  /** `[..., D]` to the log-probabilities of all classes, `[..., numClasses]`. */
  logProb(input: TensorArg): Tensor {
    return adaptiveLogSoftmax(input, this.#weights());
  }

  /** `[..., D]` to the most probable classes, int64 `[...]`. */
  predict(input: TensorArg): Tensor {
    return adaptivePrediction(input, this.#weights());
  }

  #weights(): AdaptiveSoftmaxWeights {
    const { cutoffs, headWeight, headBias, tail } = this;
    return { cutoffs, headWeight, tail, ...(headBias !== null && { headBias }) };
  }
}

function clusterFeatures(inFeatures: number, divValue: number, i: number): number {
  const features = Math.floor(inFeatures / divValue ** (i + 1));
  if (features >= 1) return features;
  throw new ArgumentError({
    op: OP,
    rule: "a cluster has no features",
    received: `${inFeatures} features divided by ${divValue}^${i + 1}`,
    hint: "Lower divValue, or use fewer cutoffs",
  });
}
