import type { ClusterReader } from "./verdict.ts";

/** More than one, since a log often ends with blank lines. */
const TAIL_LINES = 5;
/** Longer lines are cut: they go into a line of status. */
const LONGEST = 300;

/** Returns the last line that a container wrote to its log; undefined where it wrote none. */
export async function lastLogLine(
  { pod, container, log }: { pod: string; container: string; log: "current" | "previous" },
  namespace: string,
  reader: ClusterReader,
): Promise<string | undefined> {
  const options = { lines: TAIL_LINES, previous: log === "previous" };
  const text = await reader.log(namespace, pod, container, options);
  const last = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .at(-1);
  return last === undefined || last.length <= LONGEST ? last : `${last.slice(0, LONGEST)}…`;
}
