import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { UpstreamSecrets } from "../config/schema/registry.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";

/** Arguments of the foundation on a cloud. */
export interface FoundationArgs<Cluster> {
  cluster: Cluster;
  cloud: CloudConfig;
  /** Images of the platform by digest: the registry gets a repository for each. */
  images: ImagesLock;
  /** Base URL of the registry. */
  registryUrl: string;
  /** Accounts with which ECR pulls from public registries. @default - none */
  upstreamSecrets?: UpstreamSecrets | undefined;
  /** Seconds that an `up` waits after it has created a grant that is used at once. @default - the component's */
  grantSeconds?: number | undefined;
}
