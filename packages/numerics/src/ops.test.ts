import { casesSuite } from "../../../tools/testing/cases-suite.ts";

await casesSuite({
  folders: [new URL("./ops/", import.meta.url)],
  index: new URL("./index.ts", import.meta.url),
  sources: /^\.\/ops\//,
});
