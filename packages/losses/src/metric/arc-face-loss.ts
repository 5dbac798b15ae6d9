import { indexSelect, matmul, type Tensor, where } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import type { ClassLossOptions } from "../core/define-class-loss.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { cosineBehindMargin } from "./margin-cosines.ts";
import { rowProducts, unitRows } from "./unit-rows.ts";

export interface ArcFaceLossOptions {
  /** The angle added at the target, in radians. Default 0.5 (28.6 degrees). */
  readonly margin: number;
  /** What cosines are multiplied by. Default 64. */
  readonly scale: number;
  /** Adds the margin only to targets less than 90 degrees away. Default false. */
  readonly easyMargin: boolean;
}

const defaults: ArcFaceLossOptions = { margin: 0.5, scale: 64, easyMargin: false };

/**
 * ArcFace: cross entropy of scaled cosines with an angular margin at the target.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = cos(theta_y + margin),  z_c = cos theta_c elsewhere
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class; both are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`.
 * `weight` in the options is a factor of each class. Beyond theta + margin = 180 degrees, z_y goes on falling as cos theta - margin sin margin.
 *
 * No arccos and no sqrt(1 - cos^2): the sine comes from the difference and the sum of the two vectors, so that embeddings in the very direction of their class, or
 * opposite to it, have the right value and a finite gradient.
 * Source: Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition" (2018), arXiv 1801.07698. With the vectors as a parameter: `ArcFaceLoss`.
 * @throws ArgumentError for a margin outside 0 to pi or a scale that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example arcFaceLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]], { scale: 4 }).item() // 0.029449129477143288
 */
export const arcFaceLoss = /* @__PURE__ */ defineClassWeightLoss<ArcFaceLossOptions>(
  "arcFaceLoss",
  (vectors, { scale, ...options }) => {
    const [x, w] = vectors.targetPairs();
    return vectors.withTarget(vectors.cosines(), withMargin(x, w, options)).mul(scale);
  },
  { defaults, check: (options) => checkMargin("arcFaceLoss", options) },
);

/** `arcFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const ArcFaceLoss = /* @__PURE__ */ classWeightLossClass("ArcFaceLoss", arcFaceLoss);

/**
 * ArcFace with several vectors (sub-centres) a class, of which the closest counts: noisy samples gather at one of their own.
 *
 * As `arcFaceLoss`, cos theta_c being the largest cosine with the vectors of class c. weight `[C, K, D]`.
 * Source: Deng et al., "Sub-center ArcFace: Boosting Face Recognition by Large-scale Noisy Web Faces" (2020).
 * @throws as `arcFaceLoss`.
 * @example subCenterArcFaceLoss([[1, 0]], [0], [[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], { scale: 4 }).item() // 0.029449129477143288
 */
export const subCenterArcFaceLoss = /* @__PURE__ */ defineClassWeightLoss<ArcFaceLossOptions>(
  "subCenterArcFaceLoss",
  ({ embeddings, weight, target, withTarget }, { scale, ...options }) => {
    const [classes, centers, size] = weight.shape as [number, number, number];
    const [x, w] = [unitRows(embeddings), unitRows(weight)];
    const cosines = matmul(x, w.reshape([classes * centers, size]).t()).unflatten(1, [classes, centers]);
    const own = indexSelect(w, 0, target); // [N, K, D]
    const nearest = own.mul(x.unsqueeze(1)).sum(-1).detach().max(1).indices;
    const at = nearest.reshape([-1, 1, 1]).expand([x.shape[0]!, 1, size]);
    return withTarget(cosines.max(2).values, withMargin(x, own.gather(1, at).squeeze(1), options)).mul(scale);
  },
  { defaults, dims: 3, check: (options) => checkMargin("subCenterArcFaceLoss", options) },
);

type SubCenterOptions = Partial<ArcFaceLossOptions> & {
  /** How many vectors each class has. Default 3. */
  readonly centers?: number;
} & Omit<ClassLossOptions, "dim">;

/** `subCenterArcFaceLoss` with the sub-centres as its parameter, `weight` `[C, K, D]`; `centers` is K. */
export const SubCenterArcFaceLoss = /* @__PURE__ */ classWeightLossClass<SubCenterOptions>(
  "SubCenterArcFaceLoss",
  subCenterArcFaceLoss,
  (classes, size, { centers = 3 }) => [classes, centers, size],
);

function withMargin(x: Tensor, w: Tensor, { margin, easyMargin }: Omit<ArcFaceLossOptions, "scale">): Tensor {
  const behind = cosineBehindMargin(x, w, margin);
  if (!easyMargin) return behind;
  const cosine = rowProducts(x, w);
  return where(cosine.gt(0), behind, cosine);
}

function checkMargin(op: string, { margin, scale }: ArcFaceLossOptions): void {
  checkOption(op, "margin", String(margin), "an angle from 0 to pi", margin >= 0 && margin <= Math.PI);
  checkPositive(op, "scale", scale);
}
