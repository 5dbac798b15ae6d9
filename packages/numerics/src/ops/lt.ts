import { comparison } from "../families/comparison.ts";

/** `a < b`, element by element with broadcasting; bool. False where either is NaN. */
export const lt = /* @__PURE__ */ comparison("lt", (k) => k.lt, "Less");
