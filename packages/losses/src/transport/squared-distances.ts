import { apply, cdist, matmul, type OneOutput, type Tensor } from "@tenon/numerics";

/** Inputs a `[B, n, d]`, b `[B, m, d]`. */
const definition: OneOutput<object> = {
  name: "squaredDistances",
  shape: ([a, b]) => ({ shape: [a!.shape[0]!, a!.shape[1]!, b!.shape[1]!], dtype: a!.dtype }),
  forward: (_k, [a, b]) => cdist(a!, b!).square(),
  gradient: ({ inputs: [a, b], dy }) => {
    // Products instead of all differences; around the middle of b they have the differences' size.
    const middle = b!.detach().mean(1, { keepdim: true });
    const [x, y] = [a!.sub(middle), b!.sub(middle)];
    const da = x.mul(dy.sum(2, { keepdim: true })).sub(matmul(dy, y));
    const db = y.mul(dy.sum(1).unsqueeze(2)).sub(matmul(dy.transpose(1, 2), x));
    return [da.mul(2), db.mul(2)];
  },
  onnx: (g, [a, b]) => {
    const d = g.node("Sub", [g.node("Unsqueeze", [a!, g.ints([2])]), g.node("Unsqueeze", [b!, g.ints([1])])]);
    return g.node("ReduceSum", [g.node("Mul", [d, d]), g.ints([3])], { keepdims: 0 });
  },
};

/**
 * `|a_i - b_j|^2` of every row of a `[B, n, d]` with every row of b `[B, m, d]`, to `[B, n, m]`: from the differences, which are never held in memory. Its
 * derivatives of all orders are exact where rows are equal, too, where those of the distance's square are not.
 */
export function squaredDistances(a: Tensor, b: Tensor): Tensor {
  return apply(definition, [a, b], {});
}
