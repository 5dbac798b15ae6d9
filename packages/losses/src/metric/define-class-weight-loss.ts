import {
  asIndexTensor,
  Callable,
  checkClassTargets,
  type DType,
  formatShape,
  type Generator,
  type HasParameters,
  indexSelect,
  isTracing,
  matmul,
  Parameter,
  randn,
  ShapeError,
  scatter,
  type Tensor,
  type TensorArg,
  where,
  zeros,
} from "@tenon/numerics";
import { type ClassLossOptions, type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { doubles, resultDType } from "../core/doubles.ts";
import type { Loss } from "../core/loss-function.ts";
import { checkMatrix } from "./define-pair-loss.ts";
import { unitRows } from "./unit-rows.ts";

/** Embeddings and the vectors of the classes, as a formula of logits sees them. */
export interface ClassVectors {
  /** `[N, D]` */
  readonly embeddings: Tensor;
  /** `[C, D]`, or `[C, K, D]` for several vectors a class. */
  readonly weight: Tensor;
  /** `[N]`, int64; rows that are ignored have class 0 here. */
  readonly target: Tensor;
  /** The cosines of every embedding with every class, `[N, C]`. */
  cosines(): Tensor;
  /** Logits with other values at the targets, `[N]`. */
  withTarget(logits: Tensor, values: Tensor): Tensor;
  /** The embeddings and their class's vectors, scaled to length 1: `[N, D]` each. */
  targetPairs(): readonly [embeddings: Tensor, weight: Tensor];
}

/** A loss of embeddings against one vector (or several) of each class: `loss(embeddings, target, weight, { reduction, ignoreIndex, ... })`. */
export type ClassWeightLoss<O> = Loss<
  [embeddings: TensorArg, target: TensorArg, weight: TensorArg],
  Partial<O> & Omit<ClassLossOptions, "dim">
>;

export interface ClassWeightLossSettings<O> {
  /** Values of its own options where the caller gives none. */
  readonly defaults: O;
  /** Throws a typed error for options that cannot be used. */
  readonly check?: (options: O) => void;
  /** The loss of each row of logits. Default their cross entropy. */
  readonly rows?: (rows: ClassRows, options: O) => Tensor;
  /** What is added to the loss of each row besides, `[N]`: a price of the embedding itself. Default nothing. */
  readonly added?: (vectors: ClassVectors, options: O) => Tensor;
  /** How many dimensions the weight has. Default 2. */
  readonly dims?: 2 | 3;
}

/**
 * Defines a classification loss by the logits that embeddings and the classes' vectors give. Checks, float64, class and sample weights, ignored rows, reduction and
 * the fused cross entropy come with it.
 */
export function defineClassWeightLoss<O extends object>(
  name: string,
  logits: (vectors: ClassVectors, options: O) => Tensor,
  settings: ClassWeightLossSettings<O>,
): ClassWeightLoss<O> {
  type Options = Partial<O> & Omit<ClassLossOptions, "dim">;
  const { defaults, check, rows = (given: ClassRows) => given.crossEntropy(), added, dims = 2 } = settings;
  type Prepared = O & { readonly price?: Tensor };
  const formula = (given: ClassRows, own: Prepared) =>
    own.price === undefined ? rows(given, own) : rows(given, own).add(own.price);
  const ofLogits = defineClassLoss<Prepared>(name, formula, { defaults, precision: "input" });
  const prepare = (embeddings: TensorArg, target: TensorArg, weight: TensorArg, options: Options) => {
    const own = { ...defaults, ...options } as unknown as O;
    check?.(own);
    const { ignoreIndex = -100 } = options;
    const [x, w] = doubles(embeddings, weight);
    const y = asIndexTensor(target);
    checkVectors(name, x, w, dims);
    // The kernels look at the targets alone, so that one number stands for all logits.
    checkClassTargets(name, zeros([1, 1]).expand([x.shape[0]!, w.shape[0]!]), y, { dim: 1, ignoreIndex });
    const kept = y.ne(ignoreIndex);
    const known = where(kept, y.to("int64"), 0);
    const vectors = classVectors(withoutIgnored(x, kept), w, known);
    const price = added === undefined ? {} : { price: added(vectors, own) };
    return [logits(vectors, own), y, { ...options, ...price }] as const;
  };
  const loss = (x: TensorArg, target: TensorArg, weight: TensorArg, options: Options = {} as Options): Tensor =>
    ofLogits(...prepare(x, target, weight, options)).to(resultDType([x, weight]));
  const parts = (x: TensorArg, target: TensorArg, weight: TensorArg, options: Options = {} as Options) => {
    const { sum, divisor } = ofLogits.parts(...prepare(x, target, weight, options));
    return { sum: sum.to(resultDType([x, weight])), divisor };
  };
  Object.defineProperty(loss, "name", { value: name });
  return Object.assign(loss, { parts }) as unknown as ClassWeightLoss<O>;
}

// Rows that do not count become 0, so that no infinity in them meets a gradient of 0.
function withoutIgnored(x: Tensor, kept: Tensor): Tensor {
  if (!isTracing() && kept.all().item() === true) return x;
  return where(kept.unsqueeze(1), x, 0);
}

function classVectors(embeddings: Tensor, weight: Tensor, target: Tensor): ClassVectors {
  let made: readonly [Tensor, Tensor] | undefined;
  const unit = () => {
    made ??= [unitRows(embeddings), unitRows(weight)];
    return made;
  };
  return {
    embeddings,
    weight,
    target,
    cosines: () => {
      const [x, w] = unit();
      return matmul(x, w.t());
    },
    withTarget: (logits, values) => scatter(logits, 1, target.unsqueeze(1), values.unsqueeze(1)),
    targetPairs: () => {
      const [x, w] = unit();
      return [x, indexSelect(w, 0, target)];
    },
  };
}

export function checkVectors(op: string, x: Tensor, weight: Tensor, dims: 2 | 3): void {
  checkMatrix(op, x);
  if (weight.ndim === dims && weight.shape.at(-1) === x.shape[1] && weight.shape.every((size) => size > 0)) return;
  throw new ShapeError({
    op,
    rule:
      dims === 2
        ? "the weight must have one vector for each class"
        : "the weight must have several vectors for each class",
    received: `weight ${formatShape(weight.shape)} for embeddings ${formatShape(x.shape)}`,
    expected: `[C, ${dims === 2 ? "" : "K, "}${x.shape[1]}]`,
  });
}

export interface ClassWeightInit {
  /** Draws the first weight. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Default float32. */
  readonly dtype?: DType;
}

/** A loss with a learned vector (or several) for each class. */
export abstract class ClassWeightModule<O extends object> extends Callable implements HasParameters {
  readonly options: O;
  /** `[C, D]`, or `[C, K, D]`. Starts normally distributed, in no direction more than in another, with lengths near 1. */
  readonly weight: Parameter;

  constructor(options: O, shape: readonly number[], { generator, dtype = "float32" }: ClassWeightInit) {
    super();
    this.options = options;
    const drawn = randn(shape, { dtype, ...(generator !== undefined && { generator }) });
    this.weight = new Parameter(drawn.div(Math.sqrt(shape.at(-1)!)));
  }

  abstract override forward(embeddings: TensorArg, target: TensorArg): Tensor;

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["weight", this.weight];
  }
}

export interface ClassWeightLossClass<O> {
  new (classes: number, embeddingSize: number, options?: O & ClassWeightInit): ClassWeightModule<O & ClassWeightInit>;
}

/** The class form of a loss with class vectors: `new ArcFaceLoss(classes, embeddingSize, options)(embeddings, target)`. */
export function classWeightLossClass<O extends object>(
  name: string,
  loss: (embeddings: TensorArg, target: TensorArg, weight: TensorArg, options?: O) => Tensor,
  shape: (classes: number, embeddingSize: number, options: O) => readonly number[] = (c, d) => [c, d],
): ClassWeightLossClass<O> {
  type Options = O & ClassWeightInit;
  const made = class extends ClassWeightModule<Options> {
    constructor(classes: number, embeddingSize: number, options: Options = {} as Options) {
      super(options, shape(classes, embeddingSize, options), options);
    }

    override forward(embeddings: TensorArg, target: TensorArg): Tensor {
      return loss(embeddings, target, this.weight, this.options);
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made;
}
