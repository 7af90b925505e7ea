import { readFile } from "node:fs/promises";

/** Returns the resident memory of a process and its descendants in KiB, by their roles. */
export async function residentMemory(
  pid: number,
  roleOf: (commandLine: string) => string,
): Promise<Record<string, number>> {
  const readProc = (file: string): Promise<string> =>
    readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const [status, commandLine, children] = [
    await readProc("status"),
    await readProc("cmdline"),
    await readProc(`task/${pid}/children`),
  ];
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const sum: Record<string, number> = own > 0 ? { [roleOf(commandLine)]: own } : {};
  for (const child of children.split(" ").filter(Boolean))
    for (const [role, kib] of Object.entries(await residentMemory(Number(child), roleOf)))
      sum[role] = (sum[role] ?? 0) + kib;
  return sum;
}

/** Raises each peak to the present value if that is greater. */
export function keepPeaks(peaks: Record<string, number>, now: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(now)) peaks[key] = Math.max(peaks[key] ?? 0, value);
}
