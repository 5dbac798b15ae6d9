import { exportOnnx, Linear, Module, verifyOnnx } from "@tenon/models";
import { type Tensor, tensor } from "@tenon/numerics";
import { gradcheck } from "@tenon/numerics/testing";
import { SGD } from "@tenon/train";
import { describe, expect, it } from "vitest";
import { clippedRelu, logCosh, Scale } from "./index.ts";

class Net extends Module {
  linear = new Linear(3, 4);
  scale = new Scale(4);

  forward(x: Tensor): Tensor {
    return clippedRelu(this.scale(this.linear(x)), { ceiling: 6 });
  }
}

describe("a plug-in's operation, loss and layer", () => {
  it("compute, differentiate and stay exact at the extremes", () => {
    expect(clippedRelu([-1, 2, 9], { ceiling: 6 }).toArray()).toEqual([0, 2, 6]);
    expect(logCosh([1e30, 0], [0, 0], { reduction: "none" }).toArray()).toEqual([Math.fround(1e30), 0]);
    const x = tensor([0.3, -0.7, 8], { dtype: "float64", requiresGrad: true });
    gradcheck((t: Tensor) => clippedRelu(t, { ceiling: 6 }), [x]);
    gradcheck((t: Tensor) => logCosh(t, [0.1, 0.2, 0.3]), [x]);
  });

  it("train together with what is built in, and leave as ONNX", async () => {
    const net = new Net();
    expect([...net.stateDict().keys()]).toEqual(["linear.weight", "linear.bias", "scale.factor"]);
    const optimizer = new SGD(net.parameters(), { lr: 0.1 });
    const x = tensor([[1, 2, 3]]);
    const losses = Array.from({ length: 20 }, () => {
      optimizer.zeroGrad();
      const loss = logCosh(net(x), [[1, 2, 3, 4]]);
      loss.backward();
      optimizer.step();
      return loss.item() as number;
    });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    const bytes = await exportOnnx(net, [x], { dynamicAxes: { input: { 0: "batch" } } });
    expect((await verifyOnnx(bytes, net)).ok).toBe(true);
  });
});
