import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { agentMember, projectNumber, type GcpService } from "./agents.ts";
import { after } from "../platform/after.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import { waitAfterCreate } from "../platform/wait-after-create.ts";

export interface GcpProjectArgs {
  /** Id of an existing project. */
  project: string;
  /** APIs to enable, such as `dns`, in addition to those of `agents`. */
  apis: readonly string[];
  /** Services whose service agents must exist, so that a policy can let them use a key. */
  agents: readonly GcpService[];
  /**
   * Days that the log bucket `_Default` keeps logs, those of all clusters of the project; 1 to 3650.
   * @default - the setting of the project, which is 30 if nobody has changed it
   */
  logDays?: number;
  /** Seconds that an `up` waits after it has enabled an API, which then answers everywhere. @default 60 */
  enableSeconds?: number;
}

/** Service whose agent address contains the project number. Cloud Storage, for example, returns no address. */
const NUMBER_SOURCE: GcpService = "artifactregistry";

/** Bucket of each project that gets all logs but those of administrators. It cannot be deleted: destroying it leaves it as it is. */
const LOG_BUCKET = { location: "global", bucketId: "_Default" };

/**
 * Prepares a Google Cloud project: enables APIs and creates the service agents of Google's services. Destroying it disables
 * nothing, because others may use the same APIs.
 *
 * @example
 * const project = new GcpProject("project", { project: "acme-ml", apis: ["dns"], agents: ["container"] });
 * new GcpNetwork("network", { project: project.id, region: "europe-west4" });
 */
export class GcpProject extends pulumi.ComponentResource {
  /** Id of the project; becomes known when the APIs are enabled, so that resources that use it wait for them. */
  readonly id: pulumi.Output<string>;
  /** Number of the project, which Google uses in the addresses of service agents. */
  readonly number: pulumi.Output<string>;
  private readonly identities = new Map<GcpService, gcp.projects.ServiceIdentity>();

  constructor(name: string, args: GcpProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:project:GcpProject", name, {}, opts);
    const { project, apis, agents, logDays, enableSeconds = 60 } = args;
    if (logDays !== undefined) within(1, 3650, logDays, `${name}: logDays`);
    const services = [...new Set([...apis, ...agents, NUMBER_SOURCE])].sort();
    const enabled = new Map(
      services.map((api) => [
        api,
        new gcp.projects.Service(
          `${name}-${api}-api`,
          {
            project,
            service: `${api}.googleapis.com`,
            disableOnDestroy: false,
            disableDependentServices: false,
          },
          { parent: this, ...waitAfterCreate(enableSeconds) },
        ),
      ]),
    );
    this.id = after(project, ...[...enabled.values()].map((service) => service.project));
    if (logDays !== undefined)
      new gcp.logging.ProjectBucketConfig(
        `${name}-logs`,
        { project: this.id, ...LOG_BUCKET, retentionDays: logDays },
        { parent: this },
      );
    // The agent of Compute Engine is created with its API, and cannot be requested.
    for (const service of new Set<GcpService>([NUMBER_SOURCE, ...agents])) {
      if (service === "compute") continue;
      this.identities.set(
        service,
        new gcp.projects.ServiceIdentity(
          `${name}-${service}-agent`,
          { project, service: `${service}.googleapis.com` },
          { parent: this, dependsOn: [...enabled.values()] },
        ),
      );
    }
    this.number = this.identity(NUMBER_SOURCE).email.apply(projectNumber);
    this.registerOutputs({ id: this.id });
  }

  /** IAM member of the service agent of a Google Cloud service. Throws if `agents` does not have the service. */
  agent(service: GcpService): pulumi.Output<string> {
    if (service === "compute") return this.number.apply((number) => agentMember(number, service));
    // Waits for the agent, so that it exists when a policy names it.
    return pulumi
      .all([this.number, this.identity(service).id])
      .apply(([number]) => agentMember(number, service));
  }

  private identity(service: GcpService): gcp.projects.ServiceIdentity {
    const identity = this.identities.get(service);
    if (identity === undefined)
      throw new Error(
        `project: agents must contain ${service}, got ${[...this.identities.keys()].join(", ")}; add it`,
      );
    return identity;
  }
}
