import type { SourceKind, SourcePackage } from "../contract/workload.ts";
import { fetchPythonPackage } from "./fetch-python-package.ts";
import type { SourceFetcher } from "./source-fetcher.ts";

/** Kind of a source → its fetcher. */
export const SOURCE_FETCHERS: Readonly<Record<SourceKind, SourceFetcher<SourcePackage>>> = {
  "python-package": fetchPythonPackage,
};
