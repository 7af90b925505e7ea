import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  overridePrices,
  PRICED_CLOUDS,
  priceFileSchema,
  priceOverrideSchema,
  toSkuPrices,
  type PriceTable,
} from "./price-table.ts";
import { readJson } from "./read-json.ts";

const FOLDER = import.meta.dirname;

export interface LoadPricesOptions {
  /** File with your own prices. @default - the repository's prices alone */
  overrideFile?: string;
}

/** File next to Pulumi.yaml with the project's own prices, which replace those of the repository. */
const OWN_PRICES = "prices.override.json";

/** Loads the repository's prices, overridden by the project's own prices if it has a file of them. */
export function loadProjectPrices(projectDir: string): PriceTable {
  const overrideFile = join(projectDir, OWN_PRICES);
  return loadPrices(existsSync(overrideFile) ? { overrideFile } : {});
}

/** Loads the repository's prices, overridden by those of a file. Throws for an invalid file. */
export function loadPrices({ overrideFile }: LoadPricesOptions = {}): PriceTable {
  const [aws, gcp, azure] = PRICED_CLOUDS.map((cloud) =>
    toSkuPrices(readJson(join(FOLDER, `${cloud}.json`), priceFileSchema)),
  );
  const table: PriceTable = { aws: aws ?? {}, gcp: gcp ?? {}, azure: azure ?? {} };
  if (overrideFile === undefined) return table;
  return overridePrices(table, readJson(overrideFile, priceOverrideSchema), overrideFile);
}
