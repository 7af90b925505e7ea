import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { agentMember, projectNumber, SERVICE_AGENTS, type GcpService } from "./agents.ts";
import { after } from "../platform/after.ts";

export interface GcpProjectArgs {
  /** Id of a project that is there. */
  project: string;
  /** APIs to enable, such as `dns`, besides those of `agents`. */
  apis: readonly string[];
  /** Services whose own accounts have to be there, so that they can be let use a key. */
  agents: readonly GcpService[];
}

/** The service that says its agent's address, and the project's number in it; that of Cloud Storage says none. */
const NUMBERED: GcpService = "artifactregistry";

/**
 * A project of Google Cloud made ready: its APIs enabled, and the accounts created by which its services act. Nothing
 * is disabled when it is destroyed, since others may use the same APIs.
 *
 * @example
 * const project = new GcpProject("project", { project: "acme-ml", apis: ["dns"], agents: ["container"] });
 * new GcpNetwork("network", { project: project.id, region: "europe-west4" });
 */
export class GcpProject extends pulumi.ComponentResource {
  /** Id of the project, known from the start. What uses it waits until the APIs are enabled. */
  readonly id: pulumi.Output<string>;
  /** Number of the project, by which Google itself calls it. */
  readonly number: pulumi.Output<string>;
  private readonly identities = new Map<GcpService, gcp.projects.ServiceIdentity>();

  constructor(name: string, args: GcpProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:project:GcpProject", name, {}, opts);
    const { project, apis, agents } = args;
    const child = { parent: this };
    const services = [...new Set([...apis, ...agents, NUMBERED])].sort();
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
          child,
        ),
      ]),
    );
    this.id = after(project, ...[...enabled.values()].map((service) => service.project));
    // The agent of Compute Engine comes with its API; it is none that one could ask for.
    for (const service of new Set<GcpService>([NUMBERED, ...agents])) {
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
    this.number = this.identity(NUMBERED).email.apply(projectNumber);
    this.registerOutputs({ id: this.id });
  }

  /** Member of IAM policies that stands for a service of Google Cloud in this project. */
  agent(service: GcpService): pulumi.Output<string> {
    if (service === "compute") return this.number.apply((number) => agentMember(number, service));
    // Asked for by its own identity too, so that it exists when a policy names it.
    return pulumi
      .all([this.number, this.identity(service).id])
      .apply(([number]) => agentMember(number, service));
  }

  private identity(service: GcpService): gcp.projects.ServiceIdentity {
    const identity = this.identities.get(service);
    if (identity === undefined)
      throw new Error(
        `project: agents must name ${service}, so that its account is there; add it to the agents ` +
          `(${Object.keys(SERVICE_AGENTS).join(", ")})`,
      );
    return identity;
  }
}
