import * as pulumi from "@pulumi/pulumi";
import {
  ExistingCluster,
  type ExistingClusterArgs,
} from "../../components/platform/kubernetes/existing-cluster.ts";
import { ExistingRegistry } from "../../components/platform/registry/existing-registry.ts";
import type { Connection } from "./connection.ts";

/** Uses a cluster and a registry that exist already. Pods have no cloud identity. */
export function connectExisting(cluster: ExistingClusterArgs): Connection {
  const { provider } = new ExistingCluster("cluster", cluster);
  return {
    kubernetes: provider,
    connect: ({ url, dockerConfig, readDockerConfig, images, environments }) => ({
      registry: new ExistingRegistry(
        "registry",
        {
          url,
          credentials: dockerConfig && pulumi.secret(dockerConfig),
          readCredentials: readDockerConfig && pulumi.secret(readDockerConfig),
          environments,
          images,
        },
        { provider },
      ),
      exporters: [],
      identity: () => undefined,
    }),
  };
}
