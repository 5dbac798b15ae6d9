export { type CheckpointOptions, checkpoint, resume, saveCheckpoint } from "./callbacks/checkpoint.ts";
export { type EarlyStoppingOptions, earlyStopping, Monitor, type MonitorOptions } from "./callbacks/early-stopping.ts";
export { NonFiniteError, nanGuard } from "./callbacks/nan-guard.ts";
export {
  formatDuration,
  type ProgressBarOptions,
  type ProgressStream,
  progressBar,
} from "./callbacks/progress-bar.ts";
export { Accuracy, type AccuracyOptions } from "./metrics/accuracy.ts";
export { ConfusionMatrix } from "./metrics/confusion-matrix.ts";
export type { Metric } from "./metrics/metric.ts";
export { Adam, type AdamOptions, AdamW } from "./optimizers/adam.ts";
export { clipGradNorm_, clipGradValue_ } from "./optimizers/clip-grad.ts";
export {
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type ParameterLike,
  type ParameterState,
  type ResolvedGroup,
  stateTensor,
} from "./optimizers/optimizer.ts";
export { SGD, type SGDOptions } from "./optimizers/sgd.ts";
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./schedulers/cosine-annealing-lr.ts";
export { type Schedulable, Scheduler, type SchedulerState } from "./schedulers/scheduler.ts";
export { StepLR, type StepLROptions } from "./schedulers/step-lr.ts";
export type { Callback, Logs } from "./trainer/callback.ts";
export {
  type Batch,
  type BatchSource,
  type EpochRecord,
  type FitOptions,
  type StepScheduler,
  type TrainableModel,
  Trainer,
  type TrainerOptimizer,
  type TrainerOptions,
} from "./trainer/trainer.ts";
