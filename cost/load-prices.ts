import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  overridePrices,
  PRICED_CLOUDS,
  priceFileSchema,
  priceOverrideSchema,
  toSkuPrices,
  type PriceTable,
} from "./price-table.ts";

const FOLDER = join(import.meta.dirname, "prices");

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

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      cause: error,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: must be JSON: ${(error as Error).message}`, { cause: error });
  }
  const { success, data, error } = schema.safeParse(json);
  if (!success) {
    const shown = error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
    const more = error.issues.length - shown.length;
    throw new Error(`${file}: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`);
  }
  return data;
}
