export type { ErrorCase, Expected, OpCases, Sample, SampleTensors, Skip, Tolerance } from "./cases.ts";
export { type Check, checkOp, type Exporter, onnxChecks, opChecks, type PluginCases } from "./check-op.ts";
export { type Closeness, expectClose } from "./close.ts";
export { type GradcheckOptions, gradcheck, gradgradcheck, type TensorFunction } from "./gradcheck.ts";
