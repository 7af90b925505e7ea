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
  /** File of prices of one's own. @default - the repository's prices alone */
  overrideFile?: string;
}

/** The project's own prices, beside Pulumi.yaml: they replace those of the repository. */
const OWN_PRICES = "prices.override.json";

/** The prices that a project is estimated with: the repository's, and its own over them where it has some. */
export function loadProjectPrices(projectDir: string): PriceTable {
  const overrideFile = join(projectDir, OWN_PRICES);
  return loadPrices(existsSync(overrideFile) ? { overrideFile } : {});
}

/** The repository's prices, with those of a file over them. Throws where a file is not what it should be. */
export function loadPrices({ overrideFile }: LoadPricesOptions = {}): PriceTable {
  const [aws, gcp, azure] = PRICED_CLOUDS.map((cloud) =>
    toSkuPrices(readJson(join(FOLDER, `${cloud}.json`), priceFileSchema)),
  );
  const table: PriceTable = { aws: aws ?? {}, gcp: gcp ?? {}, azure: azure ?? {} };
  if (overrideFile === undefined) return table;
  return overridePrices(table, readJson(overrideFile, priceOverrideSchema), overrideFile);
}
