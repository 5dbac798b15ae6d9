import type { OpCases } from "../testing/cases.ts";
import { round } from "./round.ts";

const nearest = (x: number) => {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
};

const whole: OpCases = {
  name: "round",
  run: round,
  samples: [{ args: () => [[-1.75, 0.25, 1.25, 2.75]], expect: [-2, 0, 1, 3] }],
  reference: nearest,
  kinks: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5],
};

const ties: OpCases = {
  name: "round",
  run: round,
  samples: [
    { name: "halves", args: () => [[-1.5, 0.5, 1.5, 2.5]], expect: [-2, 0, 2, 2], gradient: "jumps" },
    { args: () => [[1.26, -12.34], { decimals: 1 }], expect: [1.3, -12.3] },
    { args: () => [[126, -1234], { decimals: -2 }], expect: [100, -1200] },
    { args: () => [[3, -4]], expect: [3, -4], dtypes: ["int32"], onnx: "ONNX rounds floating numbers only" },
  ],
};

export const cases: readonly OpCases[] = [whole, ties];
