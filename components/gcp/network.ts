import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../platform/after.ts";

export interface GcpNetworkArgs {
  project: pulumi.Input<string>;
  region: string;
  /** Address range of nodes. @default "10.0.0.0/20", for 4,092 nodes */
  nodeCidr?: string;
  /** Address range of pods; each node takes a /24. @default "10.4.0.0/14", for 1,024 nodes */
  podCidr?: string;
  /** Address range of Kubernetes services. @default "10.8.0.0/20" */
  serviceCidr?: string;
  /** Let nodes and pods reach the internet through Cloud NAT. Without it they still reach the APIs of Google. @default true */
  nat?: boolean;
  /** Peer with the network of Google's managed services; Memorystore and Cloud SQL need it. @default false */
  managedServices?: boolean;
}

const POD_RANGE = "pods";
const SERVICE_RANGE = "services";

/**
 * A network with one subnet, from which nodes reach the internet through Cloud NAT, or only the APIs of Google. Nothing reaches the nodes from the internet.
 * The traffic is logged.
 *
 * @example
 * const network = new GcpNetwork("network", { project: project.id, region: "europe-west4" });
 */
export class GcpNetwork extends pulumi.ComponentResource {
  /** `projects/…/global/networks/…`. */
  readonly id: pulumi.Output<string>;
  /** `projects/…/subnetworks/…`; becomes known when the NAT, if there is one, exists, so that new nodes reach the internet at once. */
  readonly subnetId: pulumi.Output<string>;
  /** Names of the subnet's secondary ranges. */
  readonly podRange = POD_RANGE;
  readonly serviceRange = SERVICE_RANGE;
  /** The same as `id`, but becomes known when the peering with managed services exists. @default - none, see `managedServices` */
  readonly managedServicesNetwork?: pulumi.Output<string>;

  constructor(name: string, args: GcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:GcpNetwork", name, {}, opts);
    const { project, region, nat = true, managedServices = false } = args;
    const { nodeCidr = "10.0.0.0/20", podCidr = "10.4.0.0/14", serviceCidr = "10.8.0.0/20" } = args;
    const child = { parent: this };
    const network = new gcp.compute.Network(
      `${name}-vpc`,
      { project, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      child,
    );
    const subnet = new gcp.compute.Subnetwork(
      `${name}-subnet`,
      {
        project,
        region,
        network: network.id,
        ipCidrRange: nodeCidr,
        secondaryIpRanges: [
          { rangeName: POD_RANGE, ipCidrRange: podCidr },
          { rangeName: SERVICE_RANGE, ipCidrRange: serviceCidr },
        ],
        privateIpGoogleAccess: true,
        logConfig: {
          aggregationInterval: "INTERVAL_1_MIN",
          flowSampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
      },
      child,
    );
    this.id = network.id;
    // Nodes need the NAT to reach the internet: they are created after it and deleted before it.
    this.subnetId = nat ? after(subnet.id, this.createNat(name, args, subnet).id) : subnet.id;
    if (managedServices) {
      const range = new gcp.compute.GlobalAddress(
        `${name}-managed-range`,
        { project, network: network.id, purpose: "VPC_PEERING", addressType: "INTERNAL", prefixLength: 20 },
        child,
      );
      const peering = new gcp.servicenetworking.Connection(
        `${name}-managed-services`,
        {
          network: network.id,
          service: "servicenetworking.googleapis.com",
          reservedPeeringRanges: [range.name],
          // Cloud SQL holds its side for days after its deletion, and Google refuses to delete the connection until then.
          deletionPolicy: "ABANDON",
        },
        child,
      );
      this.managedServicesNetwork = after(network.id, peering.id);
    }
    this.registerOutputs({ id: this.id, subnetId: this.subnetId });
  }

  private createNat(
    name: string,
    { project, region }: GcpNetworkArgs,
    subnet: gcp.compute.Subnetwork,
  ): gcp.compute.RouterNat {
    const child = { parent: this };
    const router = new gcp.compute.Router(`${name}-router`, { project, region, network: this.id }, child);
    return new gcp.compute.RouterNat(
      `${name}-nat`,
      {
        project,
        region,
        router: router.name,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: subnet.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
        // The default of 64 ports per node is too low for a node with many pods.
        enableDynamicPortAllocation: true,
        enableEndpointIndependentMapping: false,
        minPortsPerVm: 128,
        maxPortsPerVm: 16_384,
        // Logs the connections that NAT dropped; the flow logs contain the others.
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      child,
    );
  }
}
