import { isDiskError } from "../../runtime/artifacts/transfer-blobs.ts";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Returns an error that says what to do where the disk of a backup is full or cannot be written; other errors as they are. */
export function explainDiskError(error: unknown, directory: string): unknown {
  if (!isDiskError(error)) return error;
  const why = FULL.has(error.code ?? "")
    ? "must have room for the artifacts, its disk is full; free space on it"
    : `must be writable, got ${error.code}; make it so`;
  return new Error(
    `backup: ${directory} ${why} or name another folder, and run it again: the complete blobs stay`,
    { cause: error },
  );
}
