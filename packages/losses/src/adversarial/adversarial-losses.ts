import { relu, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { softplus } from "../core/softplus.ts";

/**
 * The game that generator and discriminator play: "logistic" (Goodfellow et al. 2014, with the generator that does not saturate), "leastSquares" (Mao et al. 2017),
 * "hinge" (Lim and Ye 2017), "wasserstein" (Arjovsky et al. 2017).
 */
export type AdversarialKind = "logistic" | "leastSquares" | "hinge" | "wasserstein";

export interface AdversarialOptions {
  /** Default "logistic". */
  readonly kind?: AdversarialKind;
}

interface Game {
  /** What a discriminator pays for the score of a real sample. */
  readonly real: (score: Tensor) => Tensor;
  /** What it pays for the score of a made one. */
  readonly fake: (score: Tensor) => Tensor;
  /** What the generator pays for the same. */
  readonly generator: (score: Tensor) => Tensor;
}

const GAMES: Readonly<Record<AdversarialKind, Game>> = {
  logistic: {
    real: (score) => softplus(score.neg()),
    fake: (score) => softplus(score),
    generator: (score) => softplus(score.neg()),
  },
  leastSquares: {
    real: (score) => score.sub(1).square().mul(0.5),
    fake: (score) => score.square().mul(0.5),
    generator: (score) => score.sub(1).square().mul(0.5),
  },
  hinge: {
    real: (score) => relu(score.neg().add(1)),
    fake: (score) => relu(score.add(1)),
    generator: (score) => score.neg(),
  },
  wasserstein: { real: (score) => score.neg(), fake: (score) => score, generator: (score) => score.neg() },
};

function gameOf(op: string, kind: AdversarialKind): Game {
  checkOneOf(op, "kind", kind, Object.keys(GAMES));
  return GAMES[kind];
}

/**
 * Loss of a discriminator (or critic) from its scores of real and of made samples; higher scores mean real.
 *
 *     logistic      softplus(-real) + softplus(fake)
 *     leastSquares  ((real - 1)^2 + fake^2) / 2
 *     hinge         max(0, 1 - real) + max(0, 1 + fake)
 *     wasserstein   fake - real
 *
 * Shapes: realScores and fakeScores alike, any; to a scalar, or the same shape with `reduction: "none"`. Detach the made samples from the generator first.
 * Source: Goodfellow et al., "Generative Adversarial Nets" (2014), arXiv 1406.2661; Mao et al. (2017), arXiv 1611.04076; Lim and Ye (2017), arXiv 1705.02894;
 * Arjovsky et al. (2017), arXiv 1701.07875.
 * @throws ShapeError unless the shapes agree; ArgumentError for an unknown kind.
 * @example discriminatorLoss([2], [-1], { kind: "hinge" }).item() // 0
 */
export const discriminatorLoss = /* @__PURE__ */ lossFunction(
  "discriminatorLoss",
  (realScores: TensorArg, fakeScores: TensorArg, { kind = "logistic" }: AdversarialOptions) => {
    const game = gameOf("discriminatorLoss", kind);
    const [real, fake] = doubles(realScores, fakeScores);
    checkSameShape("discriminatorLoss", { realScores: real, fakeScores: fake });
    return game.real(real).add(game.fake(fake));
  },
);

/** `discriminatorLoss` with its options kept. */
export const DiscriminatorLoss = /* @__PURE__ */ lossClass("DiscriminatorLoss", discriminatorLoss);

/**
 * Loss of a generator from the discriminator's scores of what it made: `softplus(-score)` for "logistic", `(score - 1)^2 / 2` for "leastSquares", `-score` for "hinge" and
 * "wasserstein".
 *
 * Shapes: fakeScores of any shape; to a scalar, or the same shape with `reduction: "none"`. Source: as `discriminatorLoss`.
 * @throws ArgumentError for an unknown kind.
 * @example generatorLoss([1000]).item() // 0
 */
export const generatorLoss = /* @__PURE__ */ lossFunction(
  "generatorLoss",
  (fakeScores: TensorArg, { kind = "logistic" }: AdversarialOptions) =>
    gameOf("generatorLoss", kind).generator(doubles(fakeScores)[0]),
);

/** `generatorLoss` with its options kept. */
export const GeneratorLoss = /* @__PURE__ */ lossClass("GeneratorLoss", generatorLoss);
