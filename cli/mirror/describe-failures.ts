import type { ImageFailure } from "./lock-images.ts";

/** Returns a line for each reason, with the images for which it holds, and advice where registries cannot be reached. */
export function describeFailures(failures: readonly ImageFailure[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of failures) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  const lines = [...byReason].map(([reason, names]) => `\n  ${names.join(", ")}: ${reason}`);
  const advice = failures.some(({ isUnreachable = false }) => isUnreachable)
    ? "\n  check the network, DNS and proxy of this machine, or write the digests into images.sources.json yourself"
    : "";
  return lines.join("") + advice;
}
