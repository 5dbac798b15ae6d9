import type { Generator } from "@tenon/numerics";
import { type Spec, toSpec } from "../spec.ts";
import { type DenseArray, type Image, isImage, pictureSize } from "../value.ts";
import { type GeometricTransform, isGeometric, place, placeThroughTable, wholePicture } from "./placement.ts";
import { checkPicture, type Transform } from "./transform.ts";

/** A transform that turns bytes into float32 numbers, each by itself. */
interface ByteTransform extends Transform<never, DenseArray> {
  byteValue(byte: number): number;
}

/** A transform of float32 numbers, each by itself. */
interface PointwiseTransform extends Transform<never, DenseArray> {
  pointwise(value: number, channel: number): number;
  checkChannels(channels: number): void;
}

type Step = Transform<never, unknown>;

const isByte = (step: Step | undefined): step is ByteTransform => step !== undefined && "byteValue" in step;
const isPointwise = (step: Step | undefined): step is PointwiseTransform => step !== undefined && "pointwise" in step;

/**
 * Transforms one after the other. Neighbours that only move pixels (crops, flips) and then turn bytes into numbers one by one (ToTensor,
 * Normalize) run as a single pass over the image; the result is bit for bit that of single steps.
 */
export class Compose<Out = unknown> implements Transform<never, Out> {
  readonly transforms: readonly Step[];
  readonly #plan: readonly Step[];

  constructor(transforms: readonly [...(readonly Transform<never, unknown>[]), Transform<never, Out>]) {
    this.transforms = transforms;
    this.#plan = plan(transforms);
  }

  apply(value: never, random?: Generator): Out {
    let result: unknown = value;
    for (const step of this.#plan) result = step.apply(result as never, random);
    return result as Out;
  }

  spec(): Spec {
    return { name: "Compose", args: [this.transforms.map((transform) => toSpec(transform, "Compose"))] };
  }
}

/** The transforms with fusable runs replaced by one step each. */
function plan(transforms: readonly Step[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < transforms.length; ) {
    const moves: GeometricTransform[] = [];
    let fill: number | undefined;
    for (let step = transforms[i]; step !== undefined && isGeometric(step); step = transforms[++i]) {
      if (fill !== undefined && step.fill !== undefined && fill !== step.fill) break;
      fill ??= step.fill;
      moves.push(step);
    }
    const first = transforms[i];
    const bytes = isByte(first) ? first : undefined;
    const points: PointwiseTransform[] = [];
    if (bytes !== undefined) {
      for (let step = transforms[++i]; isPointwise(step); step = transforms[++i]) points.push(step);
    }
    if (bytes !== undefined) steps.push(new TableStep(moves, fill ?? 0, bytes, points));
    else if (moves.length > 0) steps.push(new MoveStep(moves, fill ?? 0));
    else steps.push(transforms[i++]!);
  }
  return steps;
}

class MoveStep implements Step {
  readonly moves: readonly GeometricTransform[];
  readonly fill: number;

  constructor(moves: readonly GeometricTransform[], fill: number) {
    this.moves = moves;
    this.fill = fill;
  }

  apply(value: never, random?: Generator): unknown {
    const picture: unknown = value;
    checkPicture(this.moves[0]!.constructor.name, picture);
    const before = wholePicture(pictureSize(picture));
    let placement = before;
    for (const move of this.moves) placement = move.place(placement, random);
    return placement === before ? picture : place(picture, placement, this.fill);
  }
}

class TableStep implements Step {
  readonly moves: readonly GeometricTransform[];
  readonly fill: number;
  readonly bytes: ByteTransform;
  readonly points: readonly PointwiseTransform[];
  /** By number of channels. */
  readonly #tables: Float32Array[] = [];

  constructor(
    moves: readonly GeometricTransform[],
    fill: number,
    bytes: ByteTransform,
    points: readonly PointwiseTransform[],
  ) {
    this.moves = moves;
    this.fill = fill;
    this.bytes = bytes;
    this.points = points;
  }

  apply(value: never, random?: Generator): unknown {
    const picture: unknown = value;
    if (!isImage(picture)) return this.#oneByOne(value, random);
    let placement = wholePicture(picture);
    for (const move of this.moves) placement = move.place(placement, random);
    return placeThroughTable(picture, placement, this.fill, this.#table(picture));
  }

  /** Arrays have no bytes to look up. */
  #oneByOne(value: never, random?: Generator): unknown {
    let result: unknown = value;
    for (const step of [...this.moves, this.bytes, ...this.points] as readonly Step[]) {
      result = step.apply(result as never, random);
    }
    return result;
  }

  #table({ channels }: Image): Float32Array {
    const known = this.#tables[channels];
    if (known !== undefined) return known;
    for (const point of this.points) point.checkChannels(channels);
    const table = Float32Array.from({ length: 256 * channels }, (_, i) =>
      this.points.reduce((x, point) => point.pointwise(x, Math.floor(i / 256)), this.bytes.byteValue(i % 256)),
    );
    this.#tables[channels] = table;
    return table;
  }
}
