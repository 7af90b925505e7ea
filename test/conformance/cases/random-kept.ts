import * as random from "@pulumi/random";
import type { Case } from "../case.ts";

const randomKeptCase: Case = {
  title: "keep random values through changes of keepers and options",
  program: ({ step }) => {
    new random.RandomId(
      "kept",
      { byteLength: 4, keepers: { a: step < 3 ? "1" : "2" } },
      { protect: step === 2 },
    );
    const bytes = new random.RandomBytes("bytes", { length: 8 });
    return { length: bytes.base64.apply((text) => text.length) };
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up" }],
};
export default randomKeptCase;
