import type { OpCases } from "../testing/cases.ts";
import { softplus } from "./softplus.ts";

const plain: OpCases = {
  name: "softplus",
  run: softplus,
  samples: [
    {
      args: () => [[-20, -1, 0, 2]],
      expect: [2.061153620314381e-9, 0.31326168751822286, Math.LN2, 2.1269280110429727],
    },
  ],
  reference: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

const withOptions: OpCases = {
  name: "softplus",
  run: softplus,
  samples: [
    { args: () => [[-2, 0, 1], { beta: 2 }], expect: [Math.log1p(Math.exp(-4)) / 2, Math.LN2 / 2, 1.0634640055214863] },
    {
      name: "above the threshold",
      args: () => [[1, 3], { threshold: 2 }],
      expect: [1.3132616875182228, 3],
      onnx: "ONNX has no threshold",
    },
  ],
};

export const cases: readonly OpCases[] = [plain, withOptions];
