import type { SourceObject } from "../../contract/source-manifest.ts";
import { retryUnavailable, type RetryOptions } from "../retry-unavailable.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import type { Credentials, DatabaseAddress } from "./database-fault.ts";
import type { DatabaseSession } from "./database-session.ts";
import { readTables } from "./read-tables.ts";

/** Connects to a database and starts a read-only transaction. */
export type OpenSession<Source> = (
  source: Source,
  options: { owner: string; credentials: Credentials; signal: AbortSignal },
) => Promise<DatabaseSession>;

/**
 * Reads all tables of a source in one transaction. If the database goes away, starts again with a new transaction: tables of two snapshots
 * would not fit together.
 */
export async function readDatabase<Source extends DatabaseAddress & { kind: string }>(
  { workload, source, directory, previous, credentials, log, signal }: ReadSourceRequest<Source>,
  open: OpenSession<Source>,
  retries: RetryOptions,
): Promise<SourceObject[]> {
  const owner = `${workload}: source ${source.kind}`;
  return retryUnavailable(
    async () => {
      const session = await open(source, { owner, credentials, signal });
      try {
        return await readTables(session, { workload, tables: source.tables, directory, previous });
      } finally {
        await session.close();
      }
    },
    {
      onRetry: (reason) => log.warn("the database does not answer: trying again", { reason }),
      signal,
      ...retries,
    },
  );
}
