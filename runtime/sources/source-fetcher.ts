import type { Logger } from "../log.ts";

/** The order to fetch one source. */
export interface SourceRequest<Source> {
  /** Name of the workload, for errors. */
  workload: string;
  source: Source;
  /** Folder that gets the file. */
  directory: string;
  /** Base URL of the Python package index. */
  packageIndex: string;
  log: Logger;
  /** Aborted when the job is told to end. */
  signal: AbortSignal;
}

/**
 * Writes the file of a source to `directory`, under its name, after a check of its digest. Throws BadInput for a fault that only a person
 * can mend, which is not tried again, and Unavailable for one that may pass.
 */
export type SourceFetcher<Source> = (request: SourceRequest<Source>) => Promise<void>;
