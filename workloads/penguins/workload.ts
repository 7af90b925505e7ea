import { defineWorkload } from "../../runtime/contract/workload.ts";

/** Which species is a penguin? Three classes, texts among the features, and a model that scikit-learn trains. */
export default defineWorkload({
  name: "penguins",
  description: "Penguins of the Palmer archipelago, measured from 2007 to 2009",
  source: {
    kind: "python-package",
    package: "palmerpenguins",
    version: "0.1.6",
    file: "palmerpenguins-0.1.6.tar.gz",
    sha256: "9b5193e5c49a7f697ab47635aa3cea036cfc04ae66af992386e86ba89e7456ec",
    licence: "CC0-1.0", // of the data; the package is MIT
  },
  tables: [{ name: "penguins", files: "palmerpenguins-0.1.6/palmerpenguins/data/penguins.csv" }],
  views: [],
  models: [
    {
      name: "species",
      description: "Species of a penguin by its measures",
      request: [
        { name: "island", kind: "categorical", categories: ["Biscoe", "Dream", "Torgersen"] },
        { name: "sex", kind: "categorical", categories: ["female", "male"] },
        { name: "bill_length_mm", kind: "numeric", min: 0 },
        { name: "bill_depth_mm", kind: "numeric", min: 0 },
        { name: "flipper_length_mm", kind: "numeric", min: 0 },
        { name: "body_mass_g", kind: "numeric", min: 0 },
      ],
      views: [],
      rows: { table: "penguins", label: "species" },
      split: { by: "key", test: 0.3, stratify: true },
      task: { kind: "multiclass" },
      trainer: { kind: "python", params: { C: 1.0 }, memoryMib: 1024 },
      gate: { checks: [{ metric: "macroF1", min: 0.9 }] },
    },
  ],
});
