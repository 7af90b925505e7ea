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

/** The repository's prices, with those of a file over them. Throws where a file is not what it should be. */
export function loadPrices({ overrideFile }: LoadPricesOptions = {}): PriceTable {
  const [aws, gcp, azure] = PRICED_CLOUDS.map((cloud) =>
    toSkuPrices(readJson(join(FOLDER, `${cloud}.json`), priceFileSchema)),
  );
  const table: PriceTable = { aws: aws ?? {}, gcp: gcp ?? {}, azure: azure ?? {} };
  if (overrideFile === undefined) return table;
  return overridePrices(table, readJson(overrideFile, priceOverrideSchema), overrideFile);
}
