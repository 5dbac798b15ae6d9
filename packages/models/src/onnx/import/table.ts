import { elementwise } from "./elementwise.ts";
import { linear } from "./linear.ts";
import type { Operation } from "./operation.ts";
import { reductions } from "./reduction.ts";
import { shapes } from "./shape.ts";

/** What Tenon can run, by ONNX's names. */
export const operations: ReadonlyMap<string, Operation> = /* @__PURE__ */ new Map(
  [elementwise, reductions, shapes, linear].flatMap((family) => Object.entries(family)),
);
