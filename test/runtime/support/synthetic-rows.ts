import { stepDefinition } from "../../../runtime/contract/step-definition.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import type { LightGbmDefinition } from "../../../runtime/contract/trainers/lightgbm.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { writeFeatureTable } from "../../../runtime/features/feature-table.ts";
import { readFeatureTable } from "../../../runtime/features/read-feature-table.ts";
import type { FeatureRows } from "../../../runtime/features/read-feature-table.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { flightDelays, pushbackRows, pushbackTrainer } from "./flight-delays.ts";
import { syntheticFlights } from "./synthetic-flights.ts";

/** A reference of an artifact that nobody looks at. */
export const someReference = (name: string): string => `flight-delays/${name}@sha256:${"0".repeat(64)}`;

/** The example's real definition, on two months: trained on February and tested on March and April. */
export const twoMonths: ModelDefinition & { trainer: LightGbmDefinition } = {
  ...flightDelays.models[0]!,
  rows: pushbackRows.replace("month <= 8", "month <= 2"),
  trainer: { ...pushbackTrainer, trees: 40 },
};

/** Labelled rows of synthetic flights, as the job `features` would leave them. */
export function syntheticRows(): Promise<{ train: FeatureRows; test: FeatureRows }> {
  return withScratch(async (scratch) => {
    const db = await openDuckDb({ threads: 2 });
    try {
      await syntheticFlights(db, 8000);
      const definition = stepDefinition("features", { ...flightDelays, models: [twoMonths] }, twoMonths.name);
      await writeFeatureTable(db, definition, someReference("dataset"), scratch);
      return {
        train: await readFeatureTable(db, scratch, { split: "train", labelled: true }),
        test: await readFeatureTable(db, scratch, { split: "test", labelled: true }),
      };
    } finally {
      db.close();
    }
  });
}
