import { softplus as softplusWithThreshold, type Tensor } from "@tenon/numerics";

/** `log(1 + e^x)` to the last bit of float64. PyTorch's threshold of 20, numerics' default, shows there: above it the result is x itself. */
export function softplus(x: Tensor): Tensor {
  return softplusWithThreshold(x, { threshold: 40 });
}
