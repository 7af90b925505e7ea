import { command } from "../command.ts";
import { toggle } from "../flag.ts";

export const test = command({
  about: "Checks format, types and lint, and runs every test",
  flags: {
    unit: toggle({ about: "run the unit tests alone, which start no other program" }),
    long: toggle({
      about: "run the tests of large programs alone: MinIO, Azurite, MariaDB, XGBoost, TensorFlow",
    }),
    conformance: toggle({
      about:
        "compare the offline engine with the real pulumi CLI alone; the first run builds the CLI in half an hour",
    }),
    clouds: toggle({
      about:
        "walk the deploy guides of AWS, Google Cloud and Azure alone, on the local cluster and stand-ins of the clouds, in half an hour",
    }),
  },
  examples: [
    "npm test",
    "npm run test:unit",
    "npm run test:long",
    "npm run test:conformance",
    "npm run test:clouds",
  ],
  run: async (flags) => (await import("../run/test.ts")).test(flags),
});
