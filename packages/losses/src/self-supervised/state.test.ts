import { Generator, memory, noGrad, tensor, tidy } from "@tenon/numerics";
import { expect, test } from "vitest";
import {
  CLIPLoss,
  clipLoss,
  DINOLoss,
  dinoLoss,
  IBOTPatchLoss,
  ibotPatchLoss,
  LeJEPALoss,
  leJepaLoss,
  MemoryBank,
  MoCoLoss,
  mocoLoss,
  SigmoidContrastiveLoss,
  sigmoidContrastiveLoss,
  TeacherCenter,
  TiCoLoss,
  tiCoLoss,
} from "../index.ts";

const A = [
  [1, 2],
  [3, -1],
  [0.5, 0.25],
];
const B = [
  [2, 1],
  [3, 1],
  [-1, 0.5],
];

test("a teacher's centre follows the mean of its outputs", () => {
  const center = new TeacherCenter("DINOLoss", 2, 0.75);
  tidy(() => center.update(tensor([[[4, 0]], [[0, 8]]])));
  expect(center.value.toArray()).toEqual([0.5, 1]);
  center.update(tensor([2, 2]));
  expect(center.value.toArray()).toEqual([0.875, 1.25]);
  expect(() => new TeacherCenter("DINOLoss", 2, 2)).toThrow(/DINOLoss: centerMomentum must be from 0 to 1/);
});

test("DINOLoss centres a batch by the batches before, and asks its schedule for the temperature", () => {
  const student = [[[1, 0]], [[0, 0.5]]];
  const teacher = [[[1, 0]], [[0.5, 0]]];
  const loss = new DINOLoss(2, { teacherTemperature: (step) => 0.5 + step, centerMomentum: 0 });
  const first = loss(student, teacher, 0).item();
  expect(first).toBe(dinoLoss(student, teacher, { teacherTemperature: 0.5 }).item());
  expect(loss.center.value.toArray()).toEqual([0.75, 0]);
  const second = loss(student, teacher, 1).item();
  expect(second).toBe(dinoLoss(student, teacher, { teacherTemperature: 1.5, center: [0.75, 0] }).item());
  expect(second).not.toBe(first);
});

test("IBOTPatchLoss centres patches by the batches before", () => {
  const student = [
    [
      [1, 0],
      [5, 5],
    ],
  ];
  const teacher = [
    [
      [1, 0],
      [0, 1],
    ],
  ];
  const mask = tensor([[true, false]]);
  const loss = new IBOTPatchLoss(2, { centerMomentum: 0.5, studentTemperature: 1 });
  expect(loss(student, teacher, mask).item()).toBe(
    ibotPatchLoss(student, teacher, { mask, studentTemperature: 1 }).item(),
  );
  expect(loss.center.value.toArray()).toEqual([0.25, 0.25]);
});

test("a memory bank is a ring of unit vectors, the newest in the place of the oldest", () => {
  const bank = new MemoryBank(3, 2, { generator: new Generator(1) });
  const lengths = bank.values.square().sum(1).toArray() as number[];
  for (const length of lengths) expect(length).toBeCloseTo(1, 6);
  const before = bank.snapshot();
  bank.enqueue(
    tensor([
      [0, 2],
      [3, 0],
    ]),
  );
  expect((bank.values.toArray() as number[][]).slice(0, 2)).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(before.toArray()).not.toEqual(bank.values.toArray());
  bank.enqueue(
    tensor([
      [-1, 0],
      [0, -1],
    ]),
  );
  expect(bank.values.toArray()).toEqual([
    [0, -1],
    [1, 0],
    [-1, 0],
  ]);
  expect(bank.next).toBe(1);
  bank.enqueue(
    tensor([
      [9, 9],
      [1, 0],
      [0, 1],
      [-1, 0],
    ]),
  );
  expect(bank.values.toArray()).toEqual([
    [-1, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(() => bank.enqueue(tensor([[1, 2, 3]]))).toThrow(
    /MemoryBank.enqueue: embeddings must have as many dimensions as the queue.*\[N, 2\]/,
  );
  expect(() => new MemoryBank(0, 2)).toThrow(/MemoryBank: size must be a whole number above 0/);
});

test("MoCoLoss contrasts with the queue of earlier keys; backward works after the keys went in", () => {
  const loss = new MoCoLoss(4, 2, { generator: new Generator(2), temperature: 0.5 });
  const queue = loss.bank.snapshot();
  const query = tensor(A, { requiresGrad: true });
  const value = loss(query, B);
  expect(value.item()).toBe(mocoLoss(A, B, queue, { temperature: 0.5 }).item());
  value.backward();
  expect(query.grad).not.toBeNull();
  expect(loss.bank.next).toBe(3);
});

test("TiCoLoss keeps the running covariance of unit vectors", () => {
  const loss = new TiCoLoss(2, { beta: 0.5, rho: 8 });
  const x = tensor(
    [
      [2, 0],
      [0, 1],
    ],
    { requiresGrad: true },
  );
  const first = loss(x, [
    [1, 0],
    [1, 0],
  ]);
  expect(first.item()).toBe(
    tiCoLoss(
      x,
      [
        [1, 0],
        [1, 0],
      ],
      { beta: 0.5, rho: 8 },
    ).item(),
  );
  first.backward();
  expect(loss.covariance.toArray()).toEqual([
    [0.25, 0],
    [0, 0.25],
  ]);
  const second = loss(A, B).item();
  expect(second).toBe(
    tiCoLoss(A, B, {
      beta: 0.5,
      rho: 8,
      covariance: [
        [0.25, 0],
        [0, 0.25],
      ],
    }).item(),
  );
});

test("CLIP's scale and SigLIP's scale and bias are learned", () => {
  const clip = new CLIPLoss({ logScale: 1 });
  expect(clip(A, B).item()).toBe(clipLoss(A, B, { logScale: 1 }).item());
  clip(A, B).backward();
  expect([...clip.namedParameters()].map(([name]) => name)).toEqual(["logScale"]);
  expect(Number.isFinite(clip.logScale.grad!.item())).toBe(true);
  noGrad(() => clip.logScale.fill_(7));
  clip.clampScale();
  expect(clip.logScale.item()).toBe(Math.fround(Math.log(100)));
  const siglip = new SigmoidContrastiveLoss({ logScale: 1, bias: -2 });
  expect(siglip(A, B).item()).toBe(sigmoidContrastiveLoss(A, B, { logScale: 1, bias: -2 }).item());
  siglip(A, B).backward();
  expect([...siglip.namedParameters()].map(([name]) => name)).toEqual(["logScale", "bias"]);
  expect(siglip.bias.grad!.item()).not.toBe(0);
});

test("LeJEPALoss draws its directions from the generator it is given", () => {
  const views = tensor([A, B]);
  const made = () => new LeJEPALoss({ slices: 8, generator: new Generator(3) })(views, views).item();
  expect(made()).toBe(made());
  expect(made()).not.toBe(new LeJEPALoss({ slices: 8, generator: new Generator(4) })(views, views).item());
  // The directions are all that is random: in one dimension there is none.
  const line = tensor([[[1], [-1]]]);
  expect(new LeJEPALoss({ slices: 8, lambda: 0.5 })(line, line).item()).toBeCloseTo(
    leJepaLoss(line, line, [[1]], { lambda: 0.5 }).item() as number,
    6,
  );
});

test("losses with state keep no more memory than their state", () => {
  const loss = new MoCoLoss(4, 2);
  const dino = new DINOLoss(2);
  const step = () =>
    tidy(() => {
      loss(A, B);
      dino([A, B], [A, B]);
    });
  step();
  const before = memory().live;
  for (let i = 0; i < 5; i++) step();
  expect(memory().live).toBe(before);
});

test("LeJEPALoss takes plain arrays, and refuses to have no directions", () => {
  const views = [
    [[1], [-1]],
    [[1], [0]],
  ];
  const loss = new LeJEPALoss({ slices: 1 })(views, views);
  // In one dimension every direction gives the same.
  expect(loss.item()).toBeCloseTo(leJepaLoss(views, views, [[1]]).item() as number, 6);
  expect(() => new LeJEPALoss({ slices: 0 })).toThrow(/LeJEPALoss: slices must be a whole number above 0.*0/);
  expect(() => new TiCoLoss(0.5)).toThrow(/TiCoLoss: dim must be a whole number above 0.*0.5/);
  expect(() => new DINOLoss(-1)).toThrow(/DINOLoss: dim must be a whole number above 0.*-1/);
});
