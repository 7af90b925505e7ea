import type { PythonPackage, SourceKind } from "../contract/source.ts";
import { fetchPythonPackage } from "./fetch-python-package.ts";
import type { SourceFetcher } from "./source-fetcher.ts";

/** Kind of a source → its fetcher. */
export const SOURCE_FETCHERS: Readonly<Record<SourceKind, SourceFetcher<PythonPackage>>> = {
  "python-package": fetchPythonPackage,
};
