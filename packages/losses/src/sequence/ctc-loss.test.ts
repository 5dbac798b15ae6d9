import { grad, logSoftmax, type Tensor, tensor } from "@tenon/numerics";
import { expect, test } from "vitest";
import { ctcLoss, ctcLossWithLogits } from "../index.ts";

const logits = (): Tensor => {
  const x = tensor(
    [
      [
        [0.5, 1, -2],
        [0, 3, 1],
      ],
      [
        [1, -1, 0],
        [2, 0.25, -0.5],
      ],
      [
        [-1.5, 0, 2],
        [1, 1, 0],
      ],
    ],
    { dtype: "float64" },
  );
  x.requiresGrad = true;
  return x;
};

test("the gradient of ctcLoss is the one with respect to log-probabilities, so that the chain rule gives that of logits (pytorch 52241)", () => {
  const z = logits();
  const p = logSoftmax(z, -1);
  const loss = ctcLoss(
    p,
    [
      [1, 2],
      [1, 1],
    ],
    [3, 3],
    [2, 2],
    { reduction: "sum" },
  );
  const [ofLogProbs, ofLogits] = grad(loss, [p, z]);
  // Minus probabilities: at every frame some class is used.
  expect(ofLogProbs!.sum(-1).toArray()).toEqual([0, 1, 2].map(() => [expect.closeTo(-1, 12), expect.closeTo(-1, 12)]));
  const fused = logits();
  const [own] = grad(
    ctcLossWithLogits(
      fused,
      [
        [1, 2],
        [1, 1],
      ],
      [3, 3],
      [2, 2],
      { reduction: "sum" },
    ),
    [fused],
  );
  expect(own!.sub(ofLogits!).abs().amax().item()).toBeLessThan(1e-15);
});

test("a sample without an alignment has an infinite loss and gradient 0, and leaves the others theirs (pytorch 31557)", () => {
  const z = logits();
  // Two equal labels in two frames.
  const loss = ctcLossWithLogits(
    z,
    [
      [1, 2],
      [1, 1],
    ],
    [3, 2],
    [2, 2],
  );
  expect(loss.item()).toBe(Number.POSITIVE_INFINITY);
  const [g] = grad(loss, [z]);
  expect(g!.select(1, 1).abs().sum().item()).toBe(0);
  const alone = logits();
  const [own] = grad(ctcLossWithLogits(alone.select(1, 0), [1, 2], 3, 2).div(2), [alone]);
  expect(g!.select(1, 0).toArray()).toEqual(own!.select(1, 0).toArray());
});

test("a second backward pass computes the gradient again", () => {
  const z = logits();
  const loss = ctcLossWithLogits(
    z,
    [
      [1, 2],
      [1, 1],
    ],
    [3, 3],
    [2, 2],
  );
  const [first] = grad(loss, [z], { retainGraph: true });
  const [second] = grad(loss, [z]);
  expect(second!.sub(first!).abs().amax().item()).toBeLessThan(1e-16);
});
