import type { PinnedSource } from "../contract/source.ts";
import { fetchPythonPackage } from "./fetch-python-package.ts";
import type { SourceFetcher } from "./source-fetcher.ts";

/** A pinned source that the job `fetch` reaches itself. Files of the workload's folder are pushed by the caller. */
export type DownloadedSource = Exclude<PinnedSource, { kind: "files" }>;

/** Kind of a source → its fetcher. */
export const SOURCE_FETCHERS: Readonly<Record<DownloadedSource["kind"], SourceFetcher<DownloadedSource>>> = {
  "python-package": fetchPythonPackage,
};
