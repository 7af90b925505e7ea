import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";

/** Arguments of the foundation on a cloud. */
export interface FoundationArgs<Cluster> {
  cluster: Cluster;
  cloud: CloudConfig;
  /** Images of the platform by digest: the registry gets a repository for each. */
  images: ImagesLock;
  /** Base URL of the registry. */
  registryUrl: string;
  /** Seconds that an `up` waits after it has created a grant that is used at once. @default - the component's */
  grantSeconds?: number | undefined;
}
