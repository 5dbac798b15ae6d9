import type { OpCases } from "../testing/cases.ts";
import { digamma, lgamma } from "./lgamma.ts";

export const cases: OpCases[] = [
  {
    name: "lgamma",
    run: lgamma,
    samples: [
      {
        args: () => [[0.5, 1.5, 3, -2.5]],
        expect: [0.5723649429247001, -0.12078223763524522, Math.LN2, -0.056243716497674054],
        grads: [[-1.9635100260214235, 0.03648997397857652, 0.9227843350984671, 1.103156640645243]],
      },
      {
        name: "poles",
        args: () => [[0, -1]],
        expect: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        gradient: "infinite",
      },
    ],
  },
  {
    name: "digamma",
    run: digamma,
    samples: [
      {
        args: () => [[0.5, 1.5, 3, -2.5]],
        expect: [-1.9635100260214235, 0.03648997397857652, 0.9227843350984671, 1.103156640645243],
        grads: [[4.934802200544679, 0.9348022005446793, 0.39493406684822646, 9.539246644989124]],
      },
    ],
  },
];
