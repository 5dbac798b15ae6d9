import { cos, sin, type Tensor, where } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { rowNorms, rowProducts, sineBetween } from "./unit-rows.ts";

export interface MagFaceLossOptions {
  /** The magnitudes between which the margin grows: those beyond count as these. Default 10. */
  readonly lowerMagnitude: number;
  /** Default 110. */
  readonly upperMagnitude: number;
  /** The angles, in radians, added at the target for these magnitudes. Default 0.45. */
  readonly lowerMargin: number;
  /** Default 0.8. */
  readonly upperMargin: number;
  /** Factor of the regulariser. Default 35. */
  readonly regularization: number;
  /** What cosines are multiplied by. Default 64. */
  readonly scale: number;
  /** Adds the margin only to targets less than 90 degrees away. Default true, as the authors' code. */
  readonly easyMargin: boolean;
}

const NAME = "magFaceLoss";

/**
 * MagFace: ArcFace with a margin that grows with the embedding's magnitude, and a regulariser that rewards great ones; the magnitude becomes the face's quality.
 *
 *     loss = -log softmax(scale * z)[y] + regularization * (a / upperMagnitude^2 + 1 / a)
 *     z_y = cos(theta_y + m(a)),  z_c = cos theta_c elsewhere,  a = |embedding| kept between the magnitudes,  m(a) on the line between the margins
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class); to a scalar, or `[N]` with `reduction: "none"`. The gradient flows through the
 * magnitude. Beyond theta + m = 180 degrees, z_y goes on falling as cos theta - m sin m. The sine as in `arcFaceLoss`.
 * Source: Meng et al., "MagFace: A Universal Representation for Face Recognition and Quality Assessment" (2021), arXiv 2103.06627. With the vectors as a parameter:
 * `MagFaceLoss`.
 * @throws ArgumentError for magnitudes or margins that do not grow, margins outside 0 to pi, or a scale that is not above 0; ShapeError, DTypeError;
 * IndexOutOfRangeError for a target that is no class.
 * @example magFaceLoss([[10, 0]], [0], [[1, 0], [0, 1]], { scale: 1, regularization: 0 }).item() // 0.3410246670246124
 */
export const magFaceLoss = /* @__PURE__ */ defineClassWeightLoss<MagFaceLossOptions>(
  NAME,
  (vectors, options) => {
    const [x, w] = vectors.targetPairs();
    const magnitude = magnitudes(vectors.embeddings, options);
    const steepness = (options.upperMargin - options.lowerMargin) / (options.upperMagnitude - options.lowerMagnitude);
    const margin = magnitude.sub(options.lowerMagnitude).mul(steepness).add(options.lowerMargin);
    const cosine = rowProducts(x, w);
    const within = cosine.mul(cos(margin)).sub(sineBetween(x, w).mul(sin(margin)));
    const beyond = options.easyMargin ? cosine : cosine.sub(margin.mul(sin(margin)));
    const applies = options.easyMargin ? cosine.gt(0) : cosine.gt(cos(margin).neg());
    return vectors.withTarget(vectors.cosines(), where(applies, within, beyond)).mul(options.scale);
  },
  {
    defaults: {
      lowerMagnitude: 10,
      upperMagnitude: 110,
      lowerMargin: 0.45,
      upperMargin: 0.8,
      regularization: 35,
      scale: 64,
      easyMargin: true,
    },
    added: ({ embeddings }, options) => {
      const a = magnitudes(embeddings, options);
      return a
        .div(options.upperMagnitude ** 2)
        .add(a.pow(-1))
        .mul(options.regularization);
    },
    check: (options) => {
      const { lowerMagnitude, upperMagnitude, lowerMargin, upperMargin, regularization } = options;
      checkPositive(NAME, "lowerMagnitude", lowerMagnitude);
      checkOption(
        NAME,
        "upperMagnitude",
        String(upperMagnitude),
        "above the lower one",
        upperMagnitude > lowerMagnitude,
      );
      const grows = lowerMargin >= 0 && upperMargin >= lowerMargin && upperMargin <= Math.PI;
      checkOption(NAME, "margins", `${lowerMargin}, ${upperMargin}`, "angles from 0 to pi that grow", grows);
      checkOption(NAME, "regularization", String(regularization), "0 or more", regularization >= 0);
      checkPositive(NAME, "scale", options.scale);
    },
  },
);

/** `magFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const MagFaceLoss = /* @__PURE__ */ classWeightLossClass("MagFaceLoss", magFaceLoss);

function magnitudes(embeddings: Tensor, { lowerMagnitude, upperMagnitude }: MagFaceLossOptions): Tensor {
  return rowNorms(embeddings).clamp({ min: lowerMagnitude, max: upperMagnitude });
}
