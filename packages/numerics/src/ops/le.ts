import { comparison } from "../families/comparison.ts";

/** `a ≤ b`, element by element with broadcasting; bool. False where either is NaN. */
export const le = /* @__PURE__ */ comparison("le", (k) => k.le, "LessOrEqual");
