import { step } from "../families/piecewise.ts";

/** The greatest whole number not above `x`. Its derivative is 0. */
export const floor = /* @__PURE__ */ step("floor", (k) => k.floor, "Floor");
