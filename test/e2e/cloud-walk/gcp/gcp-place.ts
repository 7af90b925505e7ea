/** Project and region of `Pulumi.prod-gcp-foundation.yaml`. */
export const PROJECT = "slipway-prod";
export const REGION = "europe-west4";
