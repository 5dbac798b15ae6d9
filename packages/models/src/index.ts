export { writeAtomically } from "./checkpoint/atomic-write.ts";
export type { PathOrBytes } from "./checkpoint/byte-source.ts";
export { type LoadOptions, load } from "./checkpoint/load.ts";
export { readNpy, readNpz } from "./checkpoint/npy.ts";
export { type PthOptions, type PthValue, readPth } from "./checkpoint/pth.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type SafetensorsContent,
  type TensorDataDict,
} from "./checkpoint/safetensors.ts";
export { type SaveOptions, save } from "./checkpoint/save.ts";
export type { TensorData } from "./checkpoint/tensor-data.ts";
export * as init from "./init.ts";
export { AdaptiveAvgPool2d } from "./layers/adaptive-avg-pool2d.ts";
export { AvgPool2d, type AvgPool2dOptions } from "./layers/avg-pool2d.ts";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from "./layers/batch-norm.ts";
export { Conv1d, Conv2d, Conv3d, type ConvOptions } from "./layers/conv.ts";
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
} from "./layers/conv-transpose.ts";
export { Dropout, type DropoutOptions } from "./layers/dropout.ts";
export { ELU, type ELUOptions } from "./layers/elu.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { Flatten } from "./layers/flatten.ts";
export { GELU, type GELUOptions } from "./layers/gelu.ts";
export { GroupNorm, type GroupNormOptions } from "./layers/group-norm.ts";
export { Identity } from "./layers/identity.ts";
export { LayerNorm, type LayerNormOptions } from "./layers/layer-norm.ts";
export { LeakyReLU, type LeakyReLUOptions } from "./layers/leaky-relu.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { LogSoftmax } from "./layers/log-softmax.ts";
export { LSTM, type LSTMOptions, type LSTMState } from "./layers/lstm.ts";
export { MaxPool2d, type MaxPool2dOptions } from "./layers/max-pool2d.ts";
export { ModuleList } from "./layers/module-list.ts";
export {
  type AttentionOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./layers/multihead-attention.ts";
export { PReLU, type PReLUOptions } from "./layers/prelu.ts";
export { ReLU } from "./layers/relu.ts";
export { type Layer, Sequential } from "./layers/sequential.ts";
export { Sigmoid } from "./layers/sigmoid.ts";
export { SiLU } from "./layers/silu.ts";
export type { Sizes } from "./layers/sizes.ts";
export { Softmax } from "./layers/softmax.ts";
export { Tanh } from "./layers/tanh.ts";
export {
  TransformerEncoderLayer,
  type TransformerEncoderLayerOptions,
} from "./layers/transformer-encoder-layer.ts";
export { type ForwardHook, type ForwardPreHook, type HookHandle, Module } from "./module.ts";
export { type CheckOnnxOptions, checkOnnx } from "./onnx/check.ts";
export type { DynamicAxes, DynamicAxis } from "./onnx/dynamic-axes.ts";
export { type ExportOnnxOptions, exportOnnx } from "./onnx/export.ts";
export { onnxExporter } from "./onnx/exporter.ts";
export { importOnnx } from "./onnx/import/import-onnx.ts";
export type { OnnxModel } from "./onnx/import/onnx-model.ts";
export { readOnnxTensor } from "./onnx/read-tensor.ts";
export type { Traceable } from "./onnx/traceable.ts";
export type { OnnxComparison, OnnxVerification } from "./onnx/verification.ts";
export { type VerifyOnnxOptions, verifyOnnx } from "./onnx/verify.ts";
export type { StateDict, StateDictArg, StateMismatch } from "./state-dict.ts";
export { type Summary, type SummaryRow, summary } from "./summary.ts";
