import type { GkeArgs } from "../../../../components/gcp/cluster/gke-cluster-args.ts";
import { Gke } from "../../../../components/gcp/cluster/gke.ts";
import { GcpKey } from "../../../../components/gcp/key.ts";
import { GcpNetwork } from "../../../../components/gcp/network.ts";
import { find, record, type Recorded } from "../../record.ts";

export const project = "acme-ml";
export const region = "europe-west4";

/** Records a cluster in a network of its own. */
export const recordGke = (args: Partial<GkeArgs> = {}): Promise<{ resources: Recorded[]; result: Gke }> =>
  record(() => {
    const network = new GcpNetwork("network", { project, region });
    const key = new GcpKey("key", { project, region, users: { gke: "serviceAccount:gke" } });
    return new Gke("cluster", { project, region, network, key, ...args });
  });

export const cluster = (resources: readonly Recorded[]): Record<string, unknown> =>
  find(resources, "gcp:container/cluster:Cluster", "cluster-gke");
export const pool = (resources: readonly Recorded[], name: string): Record<string, unknown> =>
  find(resources, "gcp:container/nodePool:NodePool", `cluster-${name}-nodes`);
