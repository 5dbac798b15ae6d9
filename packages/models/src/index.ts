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
export { type ForwardHook, type ForwardPreHook, type HookHandle, Module } from "./module.ts";
export type { StateDict, StateDictArg, StateMismatch } from "./state-dict.ts";
