import { expect, test } from "vitest";
import { markPure } from "./mark-pure.ts";

test("calls that run at load are marked, also inside tables; those inside functions are not", () => {
  const code =
    "var a = make(1);\nvar t = { x: other(2, deep(3)), y: new Map() };\nfunction f() {\n  const b = make(2);\n  return b;\n}\nrun();\n";
  expect(markPure(code)).toBe(
    "var a = /* @__PURE__ */ make(1);\nvar t = { x: /* @__PURE__ */ other(2, /* @__PURE__ */ deep(3)), y: /* @__PURE__ */ new Map() };\nfunction f() {\n  const b = make(2);\n  return b;\n}\nrun();\n",
  );
});

test("what is marked already stays as it is", () => {
  const code = "var a = /* @__PURE__ */ make(1);\n";
  expect(markPure(code)).toBe(code);
});
