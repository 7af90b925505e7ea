import type { RemoteSource } from "../contract/source.ts";
import type { SourceReader } from "./source-reader.ts";

/** The reader of each kind, loaded on demand: a job has one source, and needs the client of its kind alone. */
export type SourceReaders = {
  readonly [Kind in RemoteSource["kind"]]: () => Promise<SourceReader<Extract<RemoteSource, { kind: Kind }>>>;
};

export const SOURCE_READERS: SourceReaders = {
  http: async () => (await import("./http/read-http.ts")).readHttp,
  s3: async () => (await import("./s3/read-s3.ts")).readS3,
  gcs: async () => (await import("./gcs/read-gcs.ts")).readGcs,
  "azure-blob": async () => (await import("./azure-blob/read-azure-blob.ts")).readAzureBlob,
  postgres: async () => (await import("./postgres/read-postgres.ts")).readPostgres,
  mysql: async () => (await import("./mysql/read-mysql.ts")).readMysql,
};
