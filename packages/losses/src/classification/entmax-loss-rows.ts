import {
  amax,
  apply,
  entmax,
  expm1,
  gather,
  isTracing,
  log,
  log1p,
  type OneOutput,
  pow,
  scatter,
  type Tensor,
  unsqueeze,
  unsupported,
  where,
} from "@tenon/numerics";
import type { ClassRows } from "../core/define-class-loss.ts";

interface EntmaxLossAttrs {
  readonly dim: number;
  readonly alpha: number;
}

const definition: OneOutput<EntmaxLossAttrs> = {
  name: "entmaxLoss",
  shape: ([logits], { dim }) => ({ shape: logits!.shape.filter((_, d) => d !== dim), dtype: logits!.dtype }),
  forward: (_k, [logits, target], attrs) => value(logits!, target!, attrs),
  // The probabilities less the target's 1, which for a sure row is minus the tiny sum of the others.
  gradient: ({ inputs: [logits, target], dy, attrs: { dim, alpha } }) => {
    const others = scatter(entmax(logits!, dim, { alpha }), dim, target!, 0);
    const slopes = scatter(others, dim, target!, others.sum(dim, { keepdim: true }).neg());
    return [slopes.mul(unsqueeze(dy, dim)), null];
  },
  onnx: unsupported("what it is composed of is exported instead"),
};

/**
 * Fenchel-Young losses of Tsallis entropies, one a row: `(p - e_y) . z + H(p)` with `p = entmax(z)`. Neither that sum nor its gradient is what is computed, because
 * both cancel for a row that is nearly right.
 */
export function entmaxLossRows({ logits, target, dim }: Pick<ClassRows, "logits" | "target" | "dim">, alpha: number) {
  const at = unsqueeze(target, dim);
  return isTracing() ? value(logits, at, { dim, alpha }) : apply(definition, [logits, at], { dim, alpha });
}

function value(z: Tensor, at: Tensor, { dim, alpha }: EntmaxLossAttrs): Tensor {
  const p = entmax(z, dim, { alpha });
  const others = scatter(p, dim, at, 0);
  const powers = pow(others, alpha).sum(dim);
  const own = gather(p, dim, at).squeeze(dim);
  const near = powers.div(alpha).add(missing(others.sum(dim), alpha));
  // By the normaliser where the target has little: its probability may have rounded to 0, or lie outside the support.
  const greatest = amax(p, dim);
  const behind = amax(z, dim).sub(gather(z, dim, at).squeeze(dim));
  const lost = powers.add(pow(own, alpha)).sub(1).div(alpha);
  const far = behind.sub(expm1(log(greatest).mul(alpha - 1)).div(alpha - 1)).add(lost);
  return where(own.ge(0.5), near, far);
}

/** The target's own part of the Bregman divergence of the right answer from p, by what the others have: `q^2 / 2` for sparsemax. */
function missing(q: Tensor, alpha: number): Tensor {
  if (alpha === 2) return q.square().div(2);
  const exponent = log1p(q.neg())
    .mul(alpha - 1)
    .add(log1p(q.mul(alpha - 1)));
  return expm1(exponent).div(alpha * (1 - alpha));
}
