import { zeros } from "@tenon/numerics";
import { expect, it } from "vitest";
import { BatchNorm2d, Conv2d, Flatten, Linear, ReLU, Sequential, summary } from "./index.ts";

it("lists layers in the order they run, with shapes and parameters, and leaves the model as it was", () => {
  const body = new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new ReLU());
  const net = new Sequential(body, new Flatten(), new Linear(32, 10));
  body.freeze();
  const before = net.stateDict().get("0.1.num_batches_tracked")!.item();
  const result = summary(net, [zeros([5, 1, 6, 6])]);
  expect(result.rows).toEqual([
    { path: "0.0", type: "Conv2d", outputShape: [5, 2, 4, 4], parameters: 20 },
    { path: "0.1", type: "BatchNorm2d", outputShape: [5, 2, 4, 4], parameters: 4 },
    { path: "0.2", type: "ReLU", outputShape: [5, 2, 4, 4], parameters: 0 },
    { path: "1", type: "Flatten", outputShape: [5, 32], parameters: 0 },
    { path: "2", type: "Linear", outputShape: [5, 10], parameters: 330 },
  ]);
  expect([result.parameters, result.trainableParameters]).toEqual([354, 330]);
  expect(String(result)).toContain("354 parameters (24 frozen)");
  expect(net.training).toBe(true);
  expect(net.stateDict().get("0.1.num_batches_tracked")!.item()).toBe(before);
});
