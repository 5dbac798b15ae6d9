import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { aotLoss } from "./aot-loss.ts";
import { apoLoss } from "./apo-loss.ts";
import { bcoLoss } from "./bco-loss.ts";
import { bradleyTerryLoss } from "./bradley-terry-loss.ts";
import { cpoLoss } from "./cpo-loss.ts";
import { discoPopLoss } from "./discopop-loss.ts";
import { dpoLoss } from "./dpo-loss.ts";
import { exoLoss } from "./exo-loss.ts";
import { ipoLoss } from "./ipo-loss.ts";
import { ktoLoss } from "./kto-loss.ts";
import { ncaPairLoss } from "./nca-pair-loss.ts";
import { orpoLoss } from "./orpo-loss.ts";
import { simPoLoss } from "./simpo-loss.ts";
import { sppoLoss } from "./sppo-loss.ts";

// Values: tools/fixtures/losses/alignment_preferences.py, in arbitrary precision.
// Float64: log-ratios of a few dozen nats are differences, and beta is not a power of two.
const tolerance: Tolerance = { float64: { relative: 2e-14, absolute: 1e-15 } };

const far: Partial<Sample> = {
  gradient: "finite differences cannot see a slope at 1e4",
  onnx: "float32 has no digits left at 1e4",
};
const saturated: Partial<Sample> = { gradient: far.gradient! };
const infinite: Partial<Sample> = { gradient: "finite differences need finite numbers", onnx: "infinity - infinity" };
const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };
const kink = { secondGradient: "piecewise linear" };

function shapes(name: string, pairs: number): ErrorCase {
  return {
    name: "shapes",
    args: () => [[1, 2], [1], [1, 2], [1, 2]].slice(0, pairs),
    error: ShapeError,
    message: new RegExp(`${name}: .* must have the same shape.*\\[2\\].*\\[1\\]`),
  };
}

function options(name: string, given: object, message: RegExp, pairs = 4): ErrorCase {
  return {
    name: Object.keys(given)[0]!,
    args: () => [...Array.from({ length: pairs }, () => [1]), given],
    error: ArgumentError,
    message: new RegExp(`${name}: ${message.source}`),
  };
}

/** A number for each pair that has the shape of a column, which would stretch the losses to a matrix. */
function column(name: string, option: string, pairs: number): ErrorCase {
  const message = new RegExp(`${name}: ${option} must be one number, or one for each of .*\\[1, 1\\].*\\[1\\]`);
  return { ...options(name, { [option]: [[1]] }, message, pairs), error: ShapeError, message };
}

const beta = (name: string, pairs = 4) => options(name, { beta: 0 }, /beta must be a number above 0.*beta 0/, pairs);

export const cases: OpCases[] = [
  {
    name: "bradleyTerryLoss",
    run: bradleyTerryLoss,
    also: ["BradleyTerryLoss"],
    samples: fixtures("alignment-preferences", "bradleyTerryLoss", {
      saturated,
      "infinite rewards": infinite,
      "no pairs": nothing,
      "no pairs, zero": nothing,
    }),
    errors: [shapes("bradleyTerryLoss", 2), column("bradleyTerryLoss", "margin", 2)],
    tolerance,
  },
  {
    name: "dpoLoss",
    run: dpoLoss,
    also: ["DPOLoss"],
    samples: fixtures("alignment-preferences", "dpoLoss", {
      hinge: kink,
      saturated,
      "saturated, smoothed": saturated,
      "saturated, robust": saturated,
      "saturated, hinge": saturated,
      infinite,
      "no pairs": nothing,
    }),
    errors: [
      shapes("dpoLoss", 4),
      beta("dpoLoss"),
      options("dpoLoss", { type: "ipo" }, /type must be one of "sigmoid", "robust", "hinge".*"ipo"/),
      options("dpoLoss", { labelSmoothing: 0.5, type: "robust" }, /labelSmoothing must be from 0 to below 0.5.*0.5/),
    ],
    tolerance,
  },
  {
    name: "ipoLoss",
    run: ipoLoss,
    also: ["IPOLoss"],
    samples: fixtures("alignment-preferences", "ipoLoss", { far, "no pairs": nothing }),
    errors: [
      shapes("ipoLoss", 4),
      options("ipoLoss", { tau: -1 }, /tau must be a number above 0/),
      options(
        "ipoLoss",
        { chosenLength: [1, 2] },
        /chosenLength must be one number, or one for each of policyChosen.*\[2\].*\[1\]/,
      ),
    ].map((row, i) => (i === 2 ? { ...row, error: ShapeError } : row)),
    tolerance,
  },
  {
    name: "exoLoss",
    run: exoLoss,
    also: ["EXOLoss"],
    samples: fixtures("alignment-preferences", "exoLoss", { saturated, infinite, "no pairs": nothing }),
    errors: [
      shapes("exoLoss", 4),
      beta("exoLoss"),
      options("exoLoss", { labelSmoothing: 0 }, /labelSmoothing must be above 0 and below 1/),
    ],
    tolerance,
  },
  {
    name: "ncaPairLoss",
    run: ncaPairLoss,
    also: ["NCAPairLoss"],
    samples: fixtures("alignment-preferences", "ncaPairLoss", { saturated, "no pairs": nothing }),
    errors: [shapes("ncaPairLoss", 4), beta("ncaPairLoss")],
    tolerance,
  },
  {
    name: "bcoLoss",
    run: bcoLoss,
    also: ["BCOLoss"],
    samples: fixtures("alignment-preferences", "bcoLoss", {
      saturated,
      "the batch's own shift": { gradient: "no gradient flows through the shift" },
      "no pairs": nothing,
    }),
    errors: [shapes("bcoLoss", 4), beta("bcoLoss"), column("bcoLoss", "shift", 4)],
    tolerance,
  },
  {
    name: "sppoLoss",
    run: sppoLoss,
    also: ["SPPOLoss"],
    samples: fixtures("alignment-preferences", "sppoLoss", { far, "no pairs": nothing }),
    errors: [shapes("sppoLoss", 4), beta("sppoLoss")],
    tolerance,
  },
  {
    name: "apoLoss",
    run: apoLoss,
    also: ["APOLoss"],
    samples: fixtures("alignment-preferences", "apoLoss", {
      saturated,
      "saturated, down": saturated,
      "no pairs": nothing,
    }),
    errors: [
      shapes("apoLoss", 4),
      beta("apoLoss"),
      options("apoLoss", { type: "up" }, /type must be one of "zero", "down"/),
    ],
    tolerance,
  },
  {
    name: "discoPopLoss",
    run: discoPopLoss,
    also: ["DiscoPOPLoss"],
    samples: fixtures("alignment-preferences", "discoPopLoss", { saturated, infinite, "no pairs": nothing }),
    errors: [
      shapes("discoPopLoss", 4),
      beta("discoPopLoss"),
      options("discoPopLoss", { tau: 0 }, /tau must be a number above 0/),
    ],
    // The blend's exponent is x / tau - x: 20 times the rounding of x.
    tolerance: { float64: { relative: 2e-13, absolute: 1e-15 } },
  },
  {
    name: "aotLoss",
    run: aotLoss,
    also: ["AOTLoss"],
    samples: fixtures("alignment-preferences", "aotLoss", {
      saturated: { gradient: "ties in the order" },
      "no pairs": nothing,
    }),
    errors: [
      shapes("aotLoss", 4),
      beta("aotLoss"),
      options("aotLoss", { type: "sorted" }, /type must be one of "paired", "unpaired"/),
    ],
    tolerance,
  },
  {
    name: "ktoLoss",
    run: ktoLoss,
    also: ["KTOLoss"],
    samples: fixtures("alignment-preferences", "ktoLoss", {
      saturated,
      infinite,
      "a divergence": { gradient: "no gradient flows through the divergence" },
      "a negative divergence": { gradient: "no gradient flows through the divergence" },
    }),
    errors: [
      {
        args: ({ bool }) => [[1, 2], [1, 2], bool([1])],
        error: ShapeError,
        message: /ktoLoss: policy, reference, desirable must have the same shape.*desirable \[1\]/,
      },
      { args: ({ bool }) => [[1], [1], bool([1]), { beta: -1 }], error: ArgumentError, message: /ktoLoss: beta.*-1/ },
    ],
    tolerance,
  },
  {
    name: "orpoLoss",
    run: orpoLoss,
    also: ["ORPOLoss"],
    samples: fixtures("alignment-preferences", "orpoLoss", {
      "nearly certain and nearly impossible": {
        gradient: "finite differences step over probability 1",
        onnx: "float32 has no log(1 - e^x) there",
      },
      certain: { gradient: "finite differences step over probability 1", onnx: "float32 has no log(1 - e^x) there" },
      "against a certain one": { gradient: "finite differences step over probability 1", onnx: "log of 0" },
      "certain against impossible": { gradient: "finite differences step over probability 1", onnx: "log of 0" },
      "no pairs": nothing,
    }),
    errors: [
      shapes("orpoLoss", 2),
      options("orpoLoss", { lambda: -1 }, /lambda must be 0 or more/, 2),
      column("orpoLoss", "nll", 2),
    ],
    tolerance,
  },
  {
    name: "simPoLoss",
    run: simPoLoss,
    also: ["SimPOLoss"],
    samples: fixtures("alignment-preferences", "simPoLoss", { saturated }),
    errors: [shapes("simPoLoss", 2), beta("simPoLoss", 2)],
    tolerance,
  },
  {
    name: "cpoLoss",
    run: cpoLoss,
    also: ["CPOLoss"],
    samples: fixtures("alignment-preferences", "cpoLoss", { hinge: kink, saturated }),
    errors: [
      shapes("cpoLoss", 2),
      beta("cpoLoss", 2),
      options("cpoLoss", { type: "ipo" }, /type must be one of "sigmoid", "hinge"/, 2),
      column("cpoLoss", "nll", 2),
    ],
    tolerance,
  },
];
