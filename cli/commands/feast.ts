import { command } from "../command.ts";
import { text } from "../flag.ts";

export const feast = command({
  about: "Writes the feature views of a workload as a Feast repository, with definitions for Tecton",
  flags: {
    workload: text({
      about: "workload whose views are written",
      placeholder: "NAME",
      example: "flight-delays",
      required: true,
    }),
    out: text({
      about: "folder of the repository; generated files in it are replaced",
      placeholder: "FOLDER",
      example: "feast",
      required: true,
    }),
    dataset: text({
      about: "folder with the data set's Parquet files: their histories are written too",
      placeholder: "FOLDER",
    }),
  },
  examples: ["npm run feast -- --workload flight-delays --out feast"],
  run: async (flags) => (await import("../run/feast.ts")).feast(flags),
});
