import type { DatasetManifest } from "../contract/dataset-manifest.ts";

/** Where `ingest` reads and writes. */
export interface IngestFolders {
  /** Folder with the files of the source. */
  source: string;
  /** Folder that gets the data set. */
  directory: string;
  /** Brings files of the source into its folder. @default - they are there */
  bringSource?: (names: readonly string[]) => Promise<void>;
  /** A data set of the same workload whose partitions are taken where nothing has changed. @default - none */
  earlier?: EarlierDataset | undefined;
}

export interface EarlierDataset {
  manifest: DatasetManifest;
  /** Brings files of the data set into a folder. */
  bring: (names: readonly string[], directory: string) => Promise<void>;
}
