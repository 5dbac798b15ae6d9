import { asTensor, isFloatingPoint, norm, type Tensor, type TensorArg, where, zerosLike } from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";

const OP = "groupAdvantages";

export interface GroupAdvantagesOptions {
  /** What a reward less its group's mean is divided by: the group's standard deviation, that of all rewards, or nothing (Dr. GRPO). Default "group". */
  readonly scale?: "group" | "batch" | "none";
  /** Added to the standard deviation; TRL adds 1e-4. Default 0: a group of equal rewards has advantages 0 all the same. */
  readonly eps?: number;
}

/**
 * Advantages of GRPO: `(r - mean) / std` within each group of answers to one prompt, with the unbiased standard deviation.
 *
 * Shapes: rewards `[..., G]`, G answers a prompt, to the same shape. Groups of equal rewards, and of one, give exactly 0: rewards are compared with
 * the group's first before the mean is taken, so that no rounding of the mean is blown up by a tiny standard deviation.
 * Source: Shao et al., "DeepSeekMath" (2024), arXiv 2402.03300; `scale: "none"`: Liu et al. (2025), arXiv 2503.20783.
 * @throws ArgumentError for an unknown scale, a negative eps or a scalar.
 * @example groupAdvantages([[1, 0, 0, 1], [2, 2, 2, 2]]).toArray()[0][0] // 0.8660253882408142
 */
export function groupAdvantages(rewards: TensorArg, options: GroupAdvantagesOptions = {}): Tensor {
  const { scale = "group", eps = 0 } = options;
  checkOneOf(OP, "scale", scale, ["group", "batch", "none"]);
  checkOption(OP, "eps", eps, "0 or more", eps >= 0);
  const plain = asTensor(rewards);
  const given = isFloatingPoint(plain.dtype) ? plain : plain.to("float32");
  checkOption(OP, "rewards", given.shape, "groups, [..., G]", given.ndim > 0);
  if (given.size === 0) return zerosLike(given);
  const [r] = doubles(given);
  const dim = r.ndim - 1;
  const centred = centre(r, r.narrow(dim, 0, 1), dim);
  return scaled(r, centred, scale, eps).to(given.dtype);
}

function scaled(r: Tensor, centred: Tensor, scale: "group" | "batch" | "none", eps: number): Tensor {
  if (scale === "none") return centred;
  const dim = r.ndim - 1;
  const deviation =
    scale === "group"
      ? norm(centred, dim, { keepdim: true }).div(Math.sqrt(Math.max(1, r.shape[dim]! - 1)))
      : norm(centre(r.flatten(), r.flatten().narrow(0, 0, 1), 0)).div(Math.sqrt(Math.max(1, r.size - 1)));
  const divisor = deviation.add(eps);
  return centred.div(where(divisor.eq(0), 1, divisor));
}

function centre(r: Tensor, first: Tensor, dim: number): Tensor {
  const shifted = r.sub(first);
  return shifted.sub(shifted.mean(dim, { keepdim: true }));
}
