export { type ClippedReluOptions, clippedRelu } from "./clipped-relu.ts";
export { logCosh } from "./log-cosh.ts";
export { Scale } from "./scale.ts";
