import { type Image, ImageDataset, type SampleTransforms, sharedBytes } from "@tenon/data";
import { Generator } from "@tenon/numerics";
import { type Figure, figures } from "./shapes.ts";

const SIDE = 32;
const PIXELS = 3 * SIDE * SIDE;
/** Points of a pixel that are tested in each direction, so that edges are smooth. */
const FINE = 2;
const NOISE = 6;
const NOISE_LENGTH = 1 << 15;

export interface DrawnShapesOptions<X = Image> extends SampleTransforms<X> {
  /** Training part or test part, which have no image in common. Default true. */
  readonly train?: boolean;
  /** Default 0. */
  readonly seed?: number;
  /** Number of images. Default 20,000 for training, 2,000 for testing. */
  readonly length?: number;
}

type Colour = readonly [number, number, number];

/**
 * Ten kinds of figures, drawn as 32x32 colour images: a data set that needs no download. The figure's colour, place, size and rotation, and the
 * background's colours, which run from one edge to the other, are random and say nothing about the class, so that a linear model has little to go
 * by. Image i depends on (seed, part, i) only.
 */
export class DrawnShapes<X = Image> extends ImageDataset<X> {
  constructor({ train = true, seed = 0, length = train ? 20_000 : 2_000, ...transforms }: DrawnShapesOptions<X> = {}) {
    const classes = Object.keys(figures);
    const outlines = Object.values(figures);
    const pixels = sharedBytes(length * PIXELS);
    const labels = sharedBytes(length);
    const root = new Generator(seed).stream(train ? 0 : 1);
    const noise = makeNoise(root.stream(length));
    for (let i = 0; i < length; i++) {
      labels[i] = i % classes.length;
      draw(outlines[labels[i]!]!, root.stream(i), noise, pixels.subarray(i * PIXELS, (i + 1) * PIXELS));
    }
    super({ ...transforms, pixels, labels, classes, width: SIDE, height: SIDE, channels: 3 });
  }
}

function draw(figure: Figure, random: Generator, noise: Float32Array, out: Uint8Array): void {
  const [front, start, end] = colours(random);
  const radius = random.uniform(9, 14);
  const angle = random.uniform(0, 2 * Math.PI);
  const slope = random.uniform(0, 2 * Math.PI);
  // Even a large figure stays inside.
  const reach = SIDE / 2 - radius;
  const [centreX, centreY] = [SIDE / 2 + random.uniform(-reach, reach), SIDE / 2 + random.uniform(-reach, reach)];
  const grain = random.integer(NOISE_LENGTH);
  const [slopeX, slopeY] = [Math.cos(slope) / SIDE / Math.SQRT2, Math.sin(slope) / SIDE / Math.SQRT2];
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const cover = coverage(figure, x - centreX, y - centreY, cos, sin, radius);
      const along = (x - SIDE / 2) * slopeX + (y - SIDE / 2) * slopeY + 0.5;
      for (let c = 0; c < 3; c++) {
        const back = start[c]! + (end[c]! - start[c]!) * along;
        const i = 3 * (y * SIDE + x) + c;
        const value = back + (front[c]! - back) * cover + noise[(grain + i) & (NOISE_LENGTH - 1)]!;
        out[i] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
}

/** The part of the pixel at (x, y), relative to the figure's centre, that the figure covers. */
function coverage(figure: Figure, x: number, y: number, cos: number, sin: number, radius: number): number {
  if ((x + 0.5) ** 2 + (y + 0.5) ** 2 > (radius + 1) ** 2) return 0;
  let hits = 0;
  for (let j = 0; j < FINE; j++) {
    for (let i = 0; i < FINE; i++) {
      const u = x + (i + 0.5) / FINE;
      const v = y + (j + 0.5) / FINE;
      if (figure(u * cos + v * sin, v * cos - u * sin)) hits++;
    }
  }
  return hits / (FINE * FINE);
}

/** Normal noise for all images; each takes a stretch of it from a random place on. */
function makeNoise(random: Generator): Float32Array {
  return Float32Array.from({ length: NOISE_LENGTH }, () => random.normal(0, NOISE));
}

/** A colour for the figure and two for the background, both of which differ from it enough to be seen. */
function colours(random: Generator): [Colour, Colour, Colour] {
  const any = (): Colour => [random.uniform(20, 236), random.uniform(20, 236), random.uniform(20, 236)];
  const front = any();
  const other = (): Colour => {
    for (;;) {
      const colour = any();
      if (Math.hypot(colour[0] - front[0], colour[1] - front[1], colour[2] - front[2]) > 110) return colour;
    }
  };
  return [front, other(), other()];
}
