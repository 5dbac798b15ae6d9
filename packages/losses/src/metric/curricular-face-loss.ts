import {
  asIndexTensor,
  indexSelect,
  isGradEnabled,
  isTracing,
  noGrad,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import type { ClassLossOptions } from "../core/define-class-loss.ts";
import { doubles } from "../core/doubles.ts";
import { type ClassWeightInit, ClassWeightModule, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { rowProducts, sineBetween, unitRows } from "./unit-rows.ts";

export interface CurricularFaceLossOptions {
  /** The angle added at the target, in radians. Default 0.5. */
  readonly margin: number;
  /** What cosines are multiplied by. Default 64. */
  readonly scale: number;
  /** The stage of training: the mean cosine of embeddings with their own classes. Default 0, the start. */
  readonly stage: number;
}

const NAME = "curricularFaceLoss";

/**
 * CurricularFace: ArcFace whose hard negatives (closer than the target with its margin) count little at first and more as training goes on.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = cos(theta_y + margin)
 *     z_c = cos theta_c where that is at most cos(theta_y + margin), else (stage + cos theta_c) cos theta_c
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class; both are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`. Beyond
 * theta + margin = 180 degrees, z_y goes on falling as cos theta - margin sin margin. `CurricularFaceLoss` has the vectors as a parameter and keeps the stage.
 * Source: Huang et al., "CurricularFace: Adaptive Curriculum Learning Loss for Deep Face Recognition" (2020), arXiv 2004.00288.
 * @throws ArgumentError for a margin outside 0 to pi, a scale that is not above 0, or a stage outside -1 to 1; ShapeError, DTypeError; IndexOutOfRangeError for a target
 * that is no class.
 * @example curricularFaceLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]], { scale: 4 }).item() // 0.029449129477143288
 */
export const curricularFaceLoss = /* @__PURE__ */ defineClassWeightLoss<CurricularFaceLossOptions>(
  NAME,
  (vectors, { margin, scale, stage }) => {
    const [x, w] = vectors.targetPairs();
    const cosine = rowProducts(x, w);
    const turned = cosine.mul(Math.cos(margin)).sub(sineBetween(x, w).mul(Math.sin(margin)));
    const target = where(cosine.gt(-Math.cos(margin)), turned, cosine.sub(margin * Math.sin(margin)));
    const cosines = vectors.cosines();
    const hard = cosines.gt(turned.unsqueeze(1));
    const others = where(hard, cosines.add(stage).mul(cosines), cosines);
    return vectors.withTarget(others, target).mul(scale);
  },
  {
    defaults: { margin: 0.5, scale: 64, stage: 0 },
    check: ({ margin, scale, stage }) => {
      checkOption(NAME, "margin", String(margin), "an angle from 0 to pi", margin >= 0 && margin <= Math.PI);
      checkPositive(NAME, "scale", scale);
      checkOption(NAME, "stage", String(stage), "from -1 to 1", stage >= -1 && stage <= 1);
    },
  },
);

/** What `CurricularFaceLoss` may be given. */
export type CurricularFaceLossSettings = Partial<CurricularFaceLossOptions> &
  Omit<ClassLossOptions, "dim"> &
  ClassWeightInit & {
    /** The share of each batch in the running stage. Default 0.01. */
    readonly momentum?: number;
  };

/**
 * `curricularFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`, and the stage, a running mean of the cosines with the own classes that every
 * call with gradients moves on.
 * @throws ArgumentError for a momentum outside 0 to 1.
 * @example new CurricularFaceLoss(10, 4, { momentum: 0.1 }).stage // 0
 */
export class CurricularFaceLoss extends ClassWeightModule<CurricularFaceLossSettings> {
  /** The stage of training as it is now; to be saved with the weights. */
  stage: number;

  constructor(classes: number, embeddingSize: number, options: CurricularFaceLossSettings = {}) {
    super(options, [classes, embeddingSize], options);
    const { momentum = 0.01, stage = 0 } = options;
    checkOption("CurricularFaceLoss", "momentum", String(momentum), "from 0 to 1", momentum >= 0 && momentum <= 1);
    this.stage = stage;
  }

  override forward(embeddings: TensorArg, target: TensorArg): Tensor {
    if (isGradEnabled() && !isTracing()) this.#moveOn(embeddings, target);
    return curricularFaceLoss(embeddings, target, this.weight, { ...this.options, stage: this.stage });
  }

  #moveOn(embeddings: TensorArg, target: TensorArg): void {
    const { ignoreIndex = -100, momentum = 0.01 } = this.options;
    noGrad(() => {
      const [x, w] = doubles(embeddings, this.weight);
      const y = asIndexTensor(target).to("int64");
      const kept = y.ne(ignoreIndex);
      const count = kept.to("float64").sum().item() as number;
      if (count === 0) return;
      const own = indexSelect(unitRows(w), 0, where(kept, y, 0));
      const cosines = where(kept, rowProducts(unitRows(x), own), 0);
      this.stage = ((cosines.sum().item() as number) / count) * momentum + (1 - momentum) * this.stage;
    });
  }
}
