import type { SourceObject } from "../contract/source-manifest.ts";
import type { Logger } from "../log.ts";

/** The order to read a source whose content is not known before. */
export interface ReadSourceRequest<Source> {
  /** Name of the workload, for errors. */
  workload: string;
  source: Source;
  /** Folder that gets the files, by their names. */
  directory: string;
  /** What the last run read. A file of the same version is not read again: its object is returned as it is, without a file. */
  previous: readonly SourceObject[];
  /** Entries of the Secret that the source names, such as `{ username, password }`. Never part of an error or a log line. */
  credentials: Readonly<Record<string, string>>;
  /** Variables of the process: a cloud names the identity of its pods in them. @default - no identity */
  env?: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Aborted when the job is told to end. */
  signal: AbortSignal;
}

/**
 * Reads a source and returns all its objects. Throws BadInput for a fault that only a person can mend, which is not tried again, and
 * Unavailable for one that may pass.
 */
export type SourceReader<Source> = (request: ReadSourceRequest<Source>) => Promise<SourceObject[]>;
