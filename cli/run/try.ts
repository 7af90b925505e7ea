import { lineProgress } from "../../local/progress.ts";
import { findWorkload } from "../../workloads/catalog.ts";
import { asWrongRequest } from "../author/as-wrong-request.ts";
import { renderTry } from "../author/render-try.ts";

/** Tries a workload on this machine, and prints how good a small model is. */
export async function tryCommand({
  name,
  ...flags
}: {
  name: string;
  model: string | undefined;
  rows: number;
}): Promise<void> {
  const start = performance.now();
  // As in the jobs (`runtime/main.ts`), before the libraries are loaded: no telemetry, and threads that wait take no CPU time.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  process.env["OMP_WAIT_POLICY"] ??= "passive";
  const { tryWorkload } = await import("../../operations/author/try-workload.ts");
  const tried = await tryWorkload({
    ...flags,
    load: () => findWorkload(name),
    progress: lineProgress(),
  }).catch(asWrongRequest);
  console.log(renderTry(tried, (performance.now() - start) / 1000));
}
