import * as Plot from "@observablehq/plot";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits, crossEntropy } from "@tenon/losses";
import { asIndexTensor, tensor } from "@tenon/numerics";
import { parseHTML } from "linkedom";

// The pictures of the guide. "Naive" is the textbook formula with every step rounded to float32, as a framework without a fused loss evaluates it.

interface Point {
  readonly z: number;
  readonly value: number;
  readonly way: string;
}

const RED = "#c0392b";

const f = Math.fround;

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** Softmax of (z, 0), then the logarithm. */
function softmaxThenLog(z: number): number {
  const [a, b] = [f(Math.exp(0)), f(Math.exp(-z))];
  return f(-Math.log(f(a / f(a + b))));
}

/** Log-softmax of (z, 0) with the maximum subtracted: the log-sum-exp trick. */
function shiftedLogSoftmax(z: number): number {
  return f(Math.log(f(1 + f(Math.exp(-z)))));
}

function rightAnswers(): Point[] {
  const zs = steps(0.5, 40, 0.25);
  const exact = crossEntropy(tensor(zs.map((z) => [z, 0])), asIndexTensor(zs.map(() => 0)), { reduction: "none" });
  const values = exact.toArray() as number[];
  return zs.flatMap((z, i) => [
    { z, value: softmaxThenLog(z), way: "softmax, then log" },
    { z, value: shiftedLogSoftmax(z), way: "log-softmax, maximum subtracted" },
    { z, value: values[i]!, way: "Tenon" },
  ]);
}

function mistakes(): Point[] {
  const zs = steps(0, 40, 0.25);
  const target = tensor(zs.map(() => 0));
  const logits = tensor(zs);
  const split = binaryCrossEntropy(logits.sigmoid(), target, { reduction: "none" }).toArray() as number[];
  const fused = binaryCrossEntropyWithLogits(logits, target, { reduction: "none" }).toArray() as number[];
  return zs.flatMap((z, i) => [
    { z, value: split[i]!, way: "sigmoid, then BCE" },
    { z, value: fused[i]!, way: "BCE with logits" },
  ]);
}

/** Whether two machines agree must not depend on the last bits of a coordinate. */
function rounded(svg: string): string {
  return svg.replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));
}

interface Drawing {
  readonly points: readonly Point[];
  readonly y: Plot.ScaleOptions;
  /** Ways in the order in which they are drawn, with their colours. */
  readonly ways: Readonly<Record<string, string>>;
  /** Where the names of the ways stand. */
  readonly legend: readonly [dx: number, dy: number];
  readonly notes: readonly { readonly z: number; readonly value: number; readonly text: string }[];
}

function draw({ points, y, ways, legend, notes }: Drawing): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const names = Object.keys(ways).map((way, i) =>
    Plot.text([way], {
      ...{ text: [way], fill: ways[way]!, frameAnchor: "top-left", fontSize: 13, fontWeight: 600 },
      ...{ dx: legend[0], dy: legend[1] + 18 * i },
    }),
  );
  const chart = Plot.plot({
    document: document as never,
    ...{ width: 680, height: 360, marginLeft: 64, marginBottom: 40, style: { background: "white", fontSize: "12px" } },
    x: { label: "logit z" },
    y,
    color: { domain: Object.keys(ways), range: Object.values(ways) },
    marks: [
      Plot.gridY({ stroke: "#ccc" }),
      // The exact line is broad, so that it shows beneath the others for as long as they agree.
      ...Object.keys(ways).map((way, i) =>
        Plot.line(
          points.filter((point) => point.way === way),
          {
            x: "z",
            y: "value",
            stroke: "way",
            strokeWidth: i === 0 ? 7 : 2,
            strokeOpacity: i === 0 ? 0.5 : 1,
            strokeDasharray: i === 2 ? "6 5" : "none",
          },
        ),
      ),
      Plot.dot(notes, { x: "z", y: "value", r: 4, fill: RED }),
      Plot.text(notes, {
        ...{ x: "z", y: "value", text: "text", fill: RED, textAnchor: "start" },
        dx: 10,
        dy: 10,
        fontSize: 12,
      }),
      ...names,
    ],
  });
  chart.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${rounded(chart.outerHTML)}\n`;
}

function confidentAndRight(): string {
  // A logarithmic axis has no place for a loss that has become 0.
  const points = rightAnswers().filter(({ value }) => value > 0);
  const last = points.filter(({ way }) => way === "softmax, then log").at(-1)!;
  return draw({
    points,
    y: { type: "log", label: "loss of logits (z, 0) for class 0", domain: [1e-18, 1], tickFormat: ".0e", ticks: 6 },
    ways: { Tenon: "#1f6f8b", "log-softmax, maximum subtracted": "#e08e0b", "softmax, then log": RED },
    legend: [330, 16],
    notes: [{ z: last.z, value: last.value, text: "rounds to 0 from here on" }],
  });
}

function confidentAndWrong(): string {
  return draw({
    points: mistakes(),
    y: { label: "loss of logit z for target 0", domain: [0, 110] },
    ways: { "BCE with logits": "#1f6f8b", "sigmoid, then BCE": RED },
    legend: [20, 16],
    notes: [{ z: 17.5, value: 100, text: "sigmoid(z) rounds to 1: all that is left is the clamp" }],
  });
}

/** The files of docs/guide/pictures. */
export function pictures(): Readonly<Record<string, string>> {
  return { "confident-and-right.svg": confidentAndRight(), "confident-and-wrong.svg": confidentAndWrong() };
}
