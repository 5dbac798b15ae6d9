import { step } from "../families/piecewise.ts";

/** The least whole number not below `x`. Its derivative is 0. */
export const ceil = /* @__PURE__ */ step("ceil", (k) => k.ceil, "Ceil");
