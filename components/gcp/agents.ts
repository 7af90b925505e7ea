/**
 * Google Cloud's service agents by API: a service encrypts with a key only if its agent may use the key.
 *
 * @see https://cloud.google.com/iam/docs/service-agents
 */
export const SERVICE_AGENTS = {
  aiplatform: "gcp-sa-aiplatform",
  artifactregistry: "gcp-sa-artifactregistry",
  compute: "compute-system",
  container: "container-engine-robot",
  gkebackup: "gcp-sa-gkebackup",
  pubsub: "gcp-sa-pubsub",
  redis: "cloud-redis",
  run: "serverless-robot-prod",
  secretmanager: "gcp-sa-secretmanager",
  sqladmin: "gcp-sa-cloud-sql",
  storage: "gs-project-accounts",
} as const;
export type GcpService = keyof typeof SERVICE_AGENTS;

/**
 * Reads the number of a project from the address of one of its service agents, such as
 * `service-123@container-engine-robot.iam.gserviceaccount.com`. Throws if the address has no number.
 */
export function projectNumber(agentEmail: string): string {
  const number = /^service-(\d+)@/.exec(agentEmail)?.[1];
  if (number === undefined)
    throw new Error(`service agent: must be service-NUMBER@…, got ${agentEmail}; is the API enabled`);
  return number;
}

/** IAM member of the service agent of an API in a project. */
export function agentMember(number: string, service: GcpService): string {
  return `serviceAccount:service-${number}@${SERVICE_AGENTS[service]}.iam.gserviceaccount.com`;
}
