import {
  EksGpuNodePool,
  type EksGpuNodePoolArgs,
} from "../../../../components/aws/cluster/eks-gpu-node-pool.ts";
import { EksCluster, type EksClusterArgs } from "../../../../components/aws/cluster/eks.ts";
import { AwsKey } from "../../../../components/aws/key.ts";
import { AwsVpc } from "../../../../components/aws/vpc.ts";
import { record, type Recorded } from "../../record.ts";
import { ACCOUNT, place } from "../aws-outputs.ts";

/** Records a cluster in a network of its own, with a pool of GPUs if one is given. */
export const recordEks = (
  args: Partial<EksClusterArgs> = {},
  gpus?: Omit<EksGpuNodePoolArgs, "home">,
  gpuName = "gpus",
): Promise<{ resources: Recorded[]; result: EksCluster }> =>
  record(() => {
    const logsKey = new AwsKey("logs", { description: "Logs", account: ACCOUNT });
    const network = new AwsVpc("network", { ...place, logsKey });
    const cluster = new EksCluster("cluster", {
      ...place,
      clusterName: "slipway",
      network,
      logsKey,
      tags: { owner: "ml" },
      ...args,
    });
    if (gpus !== undefined) new EksGpuNodePool(gpuName, { home: cluster.nodes, ...gpus });
    return cluster;
  });
