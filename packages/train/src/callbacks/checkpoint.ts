import { load, save, writeAtomically } from "@tenon/models";
import { ArgumentError, defaultGenerator, FormatError, type GeneratorState, Tensor } from "@tenon/numerics";
import type { ParameterState } from "../optimizers/optimizer.ts";
import type { Callback } from "../trainer/callback.ts";
import type { BatchSource, Trainer } from "../trainer/trainer.ts";
import { Monitor, type MonitorOptions } from "./early-stopping.ts";
import { makeFolder, readJson, remove } from "./files.ts";

const FORMAT = "tenon-checkpoint";
const VERSION = 1;

export interface CheckpointOptions extends Partial<MonitorOptions> {
  /** Folder for the files; made if missing. */
  readonly dir: string;
  /** Also saves every so many steps, for exact continuation in the middle of an epoch. Default: after epochs only. */
  readonly everySteps?: number;
}

/** The part of a checkpoint that is not tensors. */
interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly tensors: string;
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly losses: readonly (number | string)[];
  readonly history: Trainer["history"];
  readonly optimizer: { readonly groups: unknown; readonly numbers: Record<string, Record<string, number>> };
  readonly scheduler: unknown;
  readonly generator: GeneratorState;
  readonly loader: unknown;
  readonly callbacks: readonly unknown[];
}

interface SavedOptimizer {
  readonly state: Record<string, ParameterState>;
  readonly groups: unknown;
}

/**
 * Saves the training to `dir`: `last.json` with its tensors after every epoch, `best.safetensors` (the model alone) whenever the monitored
 * value improves. `resume` continues from `last.json` exactly. Files are written aside and renamed, so that a crash leaves the
 * older ones whole.
 */
export function checkpoint(options: CheckpointOptions): Callback {
  const { dir, everySteps } = options;
  if (everySteps !== undefined && (!Number.isInteger(everySteps) || everySteps < 1)) {
    throw new ArgumentError({
      op: "checkpoint",
      rule: "everySteps must be a whole number of 1 or more",
      received: `${everySteps}`,
    });
  }
  const monitor = options.monitor === undefined ? undefined : new Monitor(options as MonitorOptions);
  return {
    fitStart: () => makeFolder("checkpoint", dir),
    // Without it no step has to put its logs together.
    ...(everySteps !== undefined && {
      async stepEnd(trainer) {
        if (trainer.step % everySteps === 0) await saveCheckpoint(trainer, dir);
      },
    }),
    async epochEnd(trainer, logs) {
      if (monitor?.improves("checkpoint", logs)) await save(trainer.model.stateDict(), `${dir}/best.safetensors`);
      await saveCheckpoint(trainer, dir);
    },
    stateDict: () => (monitor === undefined ? {} : { best: monitor.best }),
    loadStateDict(state) {
      if (monitor !== undefined && typeof state.best === "number") monitor.best = state.best;
    },
  };
}

/** Writes everything that the training needs to go on exactly: `dir/last.json` and the tensors it names. */
export async function saveCheckpoint(trainer: Trainer, dir: string): Promise<void> {
  await makeFolder("checkpoint", dir);
  const optimizer = trainer.optimizer.stateDict() as SavedOptimizer;
  const tensors = new Map<string, Tensor>();
  const numbers: Record<string, Record<string, number>> = {};
  for (const [name, tensor] of trainer.model.stateDict()) tensors.set(`model.${name}`, tensor);
  for (const [name, state] of Object.entries(optimizer.state)) {
    for (const [key, value] of Object.entries(state)) {
      if (value instanceof Tensor) tensors.set(`optimizer.${name}.${key}`, value);
      else {
        numbers[name] ??= {};
        numbers[name][key] = value;
      }
    }
  }
  // The name changes with every save: until the manifest is renamed into place, it still names whole tensors.
  const file = `last-${trainer.step}.safetensors`;
  const previous = (await readJson(`${dir}/last.json`).catch(() => undefined)) as Manifest | undefined;
  await save(tensors, `${dir}/${file}`);
  const manifest: Manifest = {
    format: FORMAT,
    version: VERSION,
    tensors: file,
    epoch: trainer.epoch,
    step: trainer.step,
    batch: trainer.batch,
    losses: trainer.losses.map((x) => (Number.isFinite(x) ? x : String(x))),
    history: trainer.history,
    optimizer: { groups: optimizer.groups, numbers },
    scheduler: trainer.scheduler?.stateDict() ?? null,
    generator: defaultGenerator().state(),
    loader: trainer.running?.source.stateDict?.() ?? null,
    callbacks: trainer.callbacks.map((callback) => callback.stateDict?.() ?? null),
  };
  await writeAtomically("checkpoint", `${dir}/last.json`, [`${JSON.stringify(manifest)}\n`]);
  if (previous !== undefined && previous.tensors !== file) await remove(`${dir}/${previous.tensors}`);
}

/**
 * Brings a trainer, made as the saved one was, to where `saveCheckpoint` left it; the next `fit` goes on exactly.
 * @param source the loader that `fit` will get, so that it continues behind the last batch.
 * @throws FileError without a checkpoint in `dir`; FormatError if it is not one of ours.
 */
export async function resume(trainer: Trainer, dir: string, source?: BatchSource): Promise<void> {
  const path = `${dir}/last.json`;
  const manifest = (await readJson(path)) as Manifest;
  if (manifest.format !== FORMAT || manifest.version !== VERSION) {
    throw new FormatError({
      op: "resume",
      rule: "not a checkpoint that this version can read",
      received: `${path}: format ${manifest.format}, version ${manifest.version}`,
      expected: `format ${FORMAT}, version ${VERSION}`,
    });
  }
  const tensors = await load(`${dir}/${manifest.tensors}`);
  const model = new Map<string, Tensor>();
  const state: Record<string, ParameterState> = {};
  for (const [name, values] of Object.entries(manifest.optimizer.numbers)) state[name] = { ...values };
  for (const [key, tensor] of tensors) {
    if (key.startsWith("model.")) model.set(key.slice("model.".length), tensor);
    else {
      const cut = key.lastIndexOf(".");
      const name = key.slice("optimizer.".length, cut);
      state[name] ??= {};
      state[name][key.slice(cut + 1)] = tensor;
    }
  }
  trainer.model.loadStateDict(model);
  trainer.optimizer.loadStateDict({ state, groups: manifest.optimizer.groups } as never);
  if (manifest.scheduler !== null) trainer.scheduler?.loadStateDict(manifest.scheduler as never);
  if (manifest.loader !== null) source?.loadStateDict?.(manifest.loader as never);
  defaultGenerator().setState(manifest.generator);
  trainer.callbacks.forEach((callback, i) => {
    const saved = manifest.callbacks[i];
    if (saved !== null && saved !== undefined) callback.loadStateDict?.(saved as Record<string, unknown>);
  });
  trainer.epoch = manifest.epoch;
  trainer.step = manifest.step;
  trainer.batch = manifest.batch;
  trainer.losses.splice(0, trainer.losses.length, ...manifest.losses.map(Number));
  trainer.history.splice(0, trainer.history.length, ...manifest.history);
}
