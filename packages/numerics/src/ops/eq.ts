import { comparison } from "../families/comparison.ts";

/** `a = b`, element by element with broadcasting; bool. NaN equals nothing. */
export const eq = /* @__PURE__ */ comparison("eq", (k) => k.eq, "Equal");
