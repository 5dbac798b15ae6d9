import { step } from "../families/piecewise.ts";

/** 1, 0 or -1; 0 for NaN. Its derivative is 0. */
export const sign = /* @__PURE__ */ step("sign", (k) => k.sign, "Sign");
