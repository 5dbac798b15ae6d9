import { parseArgs } from "node:util";

export const help = `Trains the tutorial's network, tests it, saves it, exports it to ONNX and proves the export.

  npm start                                   a 10-class set of drawn images, nothing to download
  npm start -- --dataset cifar10 --root DIR   CIFAR-10 (looks for its official archive in DIR, downloads it if missing)
  npm start -- --dataset folder --root DIR    an image folder: DIR/train/CLASS/*.png, DIR/test/CLASS/*.png

options
  --dataset NAME       drawn, cifar10 or folder               (drawn)
  --root DIR           where the data lies
  --epochs N           passes over the training data          (drawn 8, else 2)
  --batch-size N       images a step                          (drawn 32, else 4)
  --lr X               learning rate                          (drawn 0.01, else 0.001)
  --momentum X         momentum of SGD                        (0.9)
  --num-workers N      threads that prepare images            (0)
  --backend B          native or wasm                         (the fastest that runs)
  --threads N          threads that compute                   (all cores)
  --seed S             seed of weights, order and images      (0)
  --ignore-checksum    take an archive whose checksum differs
  --out DIR            where results go                       (runs/cifar)
  --help               this text`;

export interface Options {
  readonly dataset: "drawn" | "cifar10" | "folder";
  readonly root: string | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly momentum: number;
  readonly numWorkers: number;
  readonly backend: string | undefined;
  readonly threads: number | undefined;
  readonly seed: number;
  readonly ignoreChecksum: boolean;
  readonly out: string;
}

/** A mistake on the command line; its message is all that is shown. */
export class UsageError extends Error {}

function number(name: string, text: string | undefined, fallback: number, accepts: (x: number) => boolean): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === "" || !accepts(value)) throw new UsageError(`--${name} cannot be "${text}".`);
  return value;
}

const whole = (least: number) => (x: number) => Number.isSafeInteger(x) && x >= least;
const notNegative = (x: number) => Number.isFinite(x) && x >= 0;

/** The command line as options; undefined where help was asked for. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        dataset: text,
        root: text,
        epochs: text,
        "batch-size": text,
        lr: text,
        momentum: text,
        "num-workers": text,
        backend: text,
        threads: text,
        seed: text,
        out: text,
        "ignore-checksum": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return undefined;
  const given = values as Record<string, string | undefined>;
  const dataset = given.dataset ?? "drawn";
  if (dataset !== "drawn" && dataset !== "cifar10" && dataset !== "folder") {
    throw new UsageError(`--dataset must be drawn, cifar10 or folder, not "${dataset}".`);
  }
  if (dataset === "folder" && given.root === undefined) throw new UsageError("--dataset folder needs --root DIR.");
  if (given.backend !== undefined && given.backend !== "native" && given.backend !== "wasm") {
    throw new UsageError(`--backend must be native or wasm, not "${given.backend}".`);
  }
  const drawn = dataset === "drawn";
  return {
    dataset,
    root: given.root,
    epochs: number("epochs", given.epochs, drawn ? 8 : 2, whole(1)),
    batchSize: number("batch-size", given["batch-size"], drawn ? 32 : 4, whole(1)),
    lr: number("lr", given.lr, drawn ? 0.01 : 0.001, notNegative),
    momentum: number("momentum", given.momentum, 0.9, notNegative),
    numWorkers: number("num-workers", given["num-workers"], 0, whole(0)),
    backend: given.backend,
    threads: given.threads === undefined ? undefined : number("threads", given.threads, 1, whole(1)),
    seed: number("seed", given.seed, 0, whole(0)),
    ignoreChecksum: values["ignore-checksum"] === true,
    out: given.out ?? "runs/cifar",
  };
}
