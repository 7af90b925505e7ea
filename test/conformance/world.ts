import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { lineProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { startTestCluster } from "../e2e/local-cluster.ts";
import type { Conditions } from "./conduct.ts";
import { realPulumi } from "./real-pulumi/real-pulumi.ts";

/** What all cases share: a cluster, the real CLI and a folder for files. */
export interface World {
  /** Environment of the CLI. */
  cliEnv: NodeJS.ProcessEnv;
  /** Conditions of a case; `part` names a folder of its own. */
  conditions(caseName: string, part: string): Conditions;
  close(): Promise<void>;
}

/** Builds the CLI where it is not in the cache, and starts a cluster where none runs. */
export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), "slipway-conformance-"));
  const cliEnv = await realPulumi(lineProgress(), path.join(folder, "bin"));
  const testCluster = await startTestCluster();
  const { kubectl, kubeconfig } = testCluster.cluster;
  return {
    cliEnv,
    conditions: (caseName, part) => ({
      caseName,
      folder: path.join(folder, caseName, part),
      kubeconfig,
      kubectl: (...args) => runCommand(kubectl, ["--kubeconfig", kubeconfig, ...args]),
    }),
    close: async () => {
      await testCluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
