import type { BackupSummary } from "../../operations/backup/back-up-registry.ts";

/** Returns the text that `npm run backup` ends with. */
export function renderBackup(
  { artifacts, blobs, bytes, failures, missing, lostTags }: BackupSummary,
  directory: string,
): string {
  return [
    `${directory} holds ${artifacts} artifacts; this run added ${blobs} blobs, ${megabytes(bytes)}`,
    ...listing("The registry does not have these artifacts, which others name:", missing),
    ...listing("The registry does not have these tags any more; the backup keeps them:", lostTags),
    ...listing("✗ These artifacts are not in the backup, all others are:", failures),
  ].join("\n");
}

/** Returns a title and its lines; nothing where there are none. */
export function listing(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

/** Formats bytes as megabytes of a million bytes: `4.1 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
