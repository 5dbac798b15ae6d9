// Inputs of many cases. Those of PyTorch's losses are in tools/fixtures/losses/pytorch.py, too.
// Inputs are sums of powers of two, so that float32 sees the same ones.
export const X = [
  [0.5, -1.25, 2],
  [0, 3.5, -0.75],
];
export const T = [
  [1, -1, 0.5],
  [0.25, 1, -2],
];
export const Q = [
  [1, 0, 0.25],
  [0, 1, 0.5],
];
export const WEIGHT = [1, 2, 0.5];

// These are no sums of powers of two: float32 starts from rounded inputs.
export const P = [
  [0.9, 0.2, 0.5],
  [0.05, 0.6, 0.75],
];
export const LOG_P = [
  [-1.7326219831020326, -3.4826219831020326, -0.23262198310203266],
  [-3.5435015539302985, -0.04350155393029849, -4.293501553930298],
];
export const TP = [
  [0.5740969929676946, 0.0776955791485706, 0.3482074278837349],
  [0.31032777913499876, 0.6569639135841668, 0.032708307280834376],
];
export const ROUNDED = { float32: { relative: 2e-6, absolute: 2e-7 }, float64: { relative: 1e-12, absolute: 1e-14 } };
