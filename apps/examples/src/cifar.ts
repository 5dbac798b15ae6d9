import { DataLoader } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { exportOnnx, load, save, summary, verifyOnnx, writeAtomically } from "@tenon/models";
import { backend, manualSeed, noGrad, softmax, TenonError, type Tensor, tidy } from "@tenon/numerics";
import { Accuracy, checkpoint, progressBar, SGD, Trainer } from "@tenon/train";
import { type Data, openData } from "./datasets.ts";
import { lossCurve } from "./loss-curve.ts";
import { Net } from "./network.ts";
import { help, type Options, parseOptions, UsageError } from "./options.ts";
import { type Prediction, predictionSheet } from "./prediction-sheet.ts";
import { classTable, lossHash } from "./report.ts";

function describeEngine(): string {
  const { backend: name, isa, threads, reason } = backend();
  return `engine    ${name} (${isa}), ${threads} thread${threads === 1 ? "" : "s"}: ${reason}`;
}

async function train(net: Net, data: Data, options: Options): Promise<Trainer> {
  const loader = new DataLoader(data.train, {
    batchSize: options.batchSize,
    shuffle: true,
    seed: options.seed,
    numWorkers: options.numWorkers,
  });
  const trainer = new Trainer({
    model: net,
    loss: crossEntropy,
    optimizer: new SGD(net.namedParameters(), { lr: options.lr, momentum: options.momentum }),
    metrics: { accuracy: new Accuracy({ classes: data.classes.length }) },
    callbacks: [progressBar(), checkpoint({ dir: options.out })],
  });
  await trainer.fit(loader, { epochs: options.epochs });
  return trainer;
}

async function test(net: Net, data: Data): Promise<Accuracy> {
  const accuracy = new Accuracy({ classes: data.classes.length });
  net.eval();
  for await (const [images, labels] of new DataLoader(data.test, { batchSize: 256 })) {
    noGrad(() => tidy(() => accuracy.update(net(images), labels)));
  }
  return accuracy;
}

/** The same outputs, bit for bit, from the network and from one loaded from the file. */
async function proveReload(net: Net, path: string, example: Tensor, classes: number): Promise<boolean> {
  const again = new Net(classes);
  again.loadStateDict(await load(path));
  again.eval();
  const [before, after] = noGrad(() => [net(example).data(), again(example).data()]);
  return before.every((value, i) => Object.is(value, after[i]));
}

async function predictions(net: Net, data: Data, count: number): Promise<Prediction[]> {
  const [images, labels] = (await new DataLoader(data.test, { batchSize: count })[Symbol.asyncIterator]().next())
    .value as readonly [Tensor, Tensor];
  const [, channels, height, width] = images.shape as [number, number, number, number];
  const probabilities = noGrad(() => softmax(net(images), 1)).toArray() as number[][];
  const pixels = images.data() as Float32Array;
  const actual = labels.toArray() as number[];
  return probabilities.map((row, n) => {
    const best = row.indexOf(Math.max(...row));
    const size = height * width;
    const rgb = new Uint8Array(3 * size);
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++)
        rgb[3 * i + c] = Math.round((pixels[(n * channels + c) * size + i]! * 0.5 + 0.5) * 255);
    }
    return {
      pixels: rgb,
      width,
      height,
      predicted: data.classes[best]!,
      actual: data.classes[actual[n]!]!,
      confidence: row[best]!,
    };
  });
}

async function run(options: Options): Promise<void> {
  if (options.backend !== undefined) process.env.TENON_BACKEND = options.backend;
  if (options.threads !== undefined) process.env.TENON_THREADS = String(options.threads);
  manualSeed(options.seed);
  const data = await openData(options);
  const net = new Net(data.classes.length);
  const example = data.test.example() as Tensor;
  console.log(describeEngine());
  console.log(`data      ${options.dataset}: ${data.train.length} training and ${data.test.length} test images`);
  console.log(`classes   ${data.classes.join(", ")}\n`);
  console.log(`${summary(net, [example])}\n`);

  const trainer = await train(net, data, options);
  const accuracy = await test(net, data);
  console.log(`\ntest accuracy ${(100 * accuracy.compute()).toFixed(1)} %`);
  console.log(`${classTable(data.classes, accuracy.perClass())}\n`);

  const weights = `${options.out}/cifar-net.safetensors`;
  const onnx = `${options.out}/cifar-net.onnx`;
  await save(net.stateDict(), weights);
  const equal = await proveReload(net, weights, example, data.classes.length);
  console.log(`saved     ${weights}; the reloaded network's outputs are ${equal ? "equal bit for bit" : "DIFFERENT"}`);
  await exportOnnx(net, [example], { path: onnx, dynamicAxes: { input: { 0: "batch" } } });
  const verification = await verifyOnnx(onnx, net);
  console.log(`exported  ${onnx}`);
  console.log(String(verification));
  const sheet = predictionSheet(await predictions(net, data, 24), "Test images and predictions");
  await writeAtomically("start", `${options.out}/loss.svg`, [lossCurve(trainer.losses, "Training loss")]);
  await writeAtomically("start", `${options.out}/predictions.svg`, [sheet]);
  console.log(`pictures  ${options.out}/loss.svg, ${options.out}/predictions.svg`);
  console.log(`losses    ${trainer.losses.length} steps, hash of their bits ${lossHash(trainer.losses)}`);
  if (!equal || !verification.ok) process.exitCode = 1;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) console.log(help);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof TenonError)) throw error;
  console.error(error instanceof UsageError ? `${error.message} See --help.` : `${error.name}: ${error.message}`);
  process.exitCode = 1;
}
