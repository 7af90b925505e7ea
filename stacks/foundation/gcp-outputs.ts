import { z } from "zod";
import { commonFoundationOutputs } from "./common-outputs.ts";

/** The outputs of a foundation on Google Cloud, which its platform stack reads. */
export const gcpFoundationSchema = z.object({
  ...commonFoundationOutputs,
  /** PEM certificates of the authorities of the Redis; null without `cloud.redis`. */
  redisCaCertificate: z.string().nullable(),
  /** Password of the user `platform` of the database, a secret, and the PEM certificates of its authorities; null without `cloud.database`. */
  databasePassword: z.string().nullable().default(null),
  databaseCaCertificate: z.string().nullable().default(null),
  projectNumber: z.string(),
  /** IAM members of the service agents that may use keys, by service. */
  agents: z.record(z.string(), z.string()),
  /** `projects/…/global/networks/…`. */
  networkId: z.string(),
  /** `projects/…/subnetworks/…`. */
  subnetId: z.string(),
  /** Keys that encrypt artifacts and the volumes of pods. */
  registryKeyName: z.string(),
  volumesKeyName: z.string(),
  /** Bucket for data that jobs write in addition to artifacts. */
  bucket: z.string(),
  /** Certificate map with a certificate for the names of `cloud.dns.zone`; null without a zone. */
  certificateMap: z.string().nullable(),
  /** Name of that zone in Cloud DNS; null without a zone. */
  dnsZoneName: z.string().nullable(),
});
