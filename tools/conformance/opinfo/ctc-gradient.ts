import { isTensorJson, numbersOfJson, type OpCase, type TensorJson } from "./case.ts";

const whole = (value: unknown): number[] => [...(isTensorJson(value) ? numbersOfJson(value) : (value as number[]))];

/** Every sequence of classes that long. */
function* sequences(frames: number, classes: number): Generator<number[]> {
  for (let code = 0; code < classes ** frames; code++) {
    yield Array.from({ length: frames }, (_, t) => Math.floor(code / classes ** t) % classes);
  }
}

function collapsed(path: readonly number[], blank: number): string {
  return path.filter((c, t) => c !== blank && c !== path[t - 1]).join();
}

/** The probability of each class at each frame, given the target, from all sequences of classes that collapse to it. */
function posteriors(
  logProbs: (t: number, c: number) => number,
  frames: number,
  classes: number,
  target: string,
  blank: number,
) {
  const sums = new Float64Array(frames * classes);
  let total = 0;
  for (const path of sequences(frames, classes)) {
    if (collapsed(path, blank) !== target) continue;
    const p = Math.exp(path.reduce((sum, c, t) => sum + logProbs(t, c), 0));
    total += p;
    path.forEach((c, t) => {
      sums[t * classes + c]! += p;
    });
  }
  return total === 0 ? sums : sums.map((p) => p / total);
}

/** A CTC case with the gradient with respect to what it was given; undefined for other cases. PyTorch records the one before a log-softmax. */
export function ctcGradient(c: OpCase): OpCase | undefined {
  const [x, targets, inputLengths, targetLengths] = c.inputs;
  const [recorded, ...rest] = c.grads;
  const [cotangent] = c.cotangents;
  if (c.op !== "nn.functional.ctc_loss" || !isTensorJson(x) || recorded === null || !cotangent) return undefined;
  const [batch, classes] = x.shape.length === 2 ? [1, x.shape[1]!] : (x.shape.slice(1) as [number, number]);
  const values = numbersOfJson(x);
  const labels = whole(targets);
  const [times, lengths] = [whole(inputLengths), whole(targetLengths)];
  const blank = Number(c.kwargs.blank ?? 0);
  const reduction = c.kwargs.reduction ?? "mean";
  const seeds = numbersOfJson(cotangent);
  const padded = x.shape.length === 3 && isTensorJson(targets) && targets.shape.length === 2;
  const data = new Array<number>(values.length).fill(0);
  let next = 0;
  for (let n = 0; n < batch; n++) {
    const begin = padded ? n * (labels.length / batch) : next;
    next += lengths[n]!;
    const target = labels.slice(begin, begin + lengths[n]!).join();
    const at = (t: number, k: number) => (t * batch + n) * classes + k;
    const posterior = posteriors((t, k) => values[at(t, k)]!, times[n]!, classes, target, blank);
    const share = reduction === "mean" ? 1 / (batch * Math.max(1, lengths[n]!)) : 1;
    const factor = seeds[reduction === "none" ? n : 0]! * share;
    posterior.forEach((p, i) => {
      if (p !== 0) data[at(Math.floor(i / classes), i % classes)] = -factor * p;
    });
  }
  return { ...c, grads: [{ ...(recorded as TensorJson), data }, ...rest] };
}
