import * as containerregistry from "@pulumi/azure-native/containerregistry/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureAdmins, grantAzureRole } from "./role-assignment.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import type { ImagesLock } from "../platform/registry/images-lock.ts";
import { pulledImages } from "../platform/registry/pull-through.ts";
import { firewallRanges } from "./admin-networks.ts";
import type { AzureNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";

export interface AcrArgs extends AzurePlace {
  /** Base URL: `https://<name>.azurecr.io`, with a path if repositories have a prefix. The name must be unique in all of Azure. */
  url: string;
  network: AzureNetwork;
  /** Id of the Log Analytics workspace that gets the log of logins, pulls and pushes. */
  workspaceId: pulumi.Input<string>;
  /** Object id of the kubelet's identity, which gets the right to pull. */
  kubeletPrincipalId: pulumi.Input<string>;
  /** Images of the platform by digest. `planImageSupply` decides which of them the registry pulls through. */
  images: ImagesLock;
  /** Object ids of the Entra groups whose members may push images. @default - none */
  adminGroups?: readonly string[];
  /** Networks of administrators. Those of the internet may reach the registry; the network admits private ones. @default - none */
  adminCidrs?: readonly string[];
  /** Keep copies in all zones of the region; false for a region without zones. @default true */
  zoneRedundant?: boolean;
  /** Days in which a deleted image or artifact can be restored; 1 to 90. @default 90 */
  softDeleteDays?: number;
  /** Refuse to delete the registry. @default true */
  protect?: boolean;
}

/**
 * An Azure Container Registry for images and artifacts, without passwords: pods and nodes use their identities, from inside
 * the network. It keeps untagged manifests, because models and data sets are referenced by digest. Azure encrypts it with a key of
 * its own: a registry cannot start with a key from a vault that has a firewall.
 *
 * @example
 * const registry = new Acr("registry", { ...place, url: "https://acme.azurecr.io", network, workspaceId, kubeletPrincipalId, images });
 */
export class Acr extends pulumi.ComponentResource {
  /** Id of the registry: the scope for role assignments. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: AcrArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:Acr", name, {}, opts);
    const { url, workspaceId, kubeletPrincipalId, softDeleteDays = 90, protect = true } = args;
    const { adminGroups = [], adminCidrs, zoneRedundant = true } = args;
    const child = { parent: this };
    const ranges = firewallRanges(adminCidrs);
    const isPublic = ranges.length > 0;
    const registry = new containerregistry.Registry(
      `${name}-registry`,
      {
        ...commonInputs(args),
        registryName: acrName(url, `${name}: url`),
        sku: { name: "Premium" }, // required for private endpoints and network rules
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        publicNetworkAccess: isPublic ? "Enabled" : "Disabled",
        networkRuleBypassOptions: "AzureServices", // lets Defender scan pushed images
        networkRuleSet: {
          defaultAction: "Deny",
          ipRules: ranges.map((range) => ({ action: "Allow", iPAddressOrRange: range })),
        },
        zoneRedundancy: zoneRedundant ? "Enabled" : "Disabled",
        policies: {
          // Prevents copies to other registries. Azure accepts it only without a public network.
          exportPolicy: { status: isPublic ? "enabled" : "disabled" },
          softDeletePolicy: { status: "enabled", retentionDays: softDeleteDays },
          retentionPolicy: { status: "disabled" },
          quarantinePolicy: { status: "disabled" }, // nothing here would release images from it
        },
      },
      { parent: this, protect },
    );
    new monitor.DiagnosticSetting(
      `${name}-access-log`,
      {
        name: "access",
        resourceUri: registry.id,
        workspaceId,
        logs: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"].map((category) => ({
          category,
          enabled: true,
        })),
      },
      child,
    );
    new AzurePrivateEndpoint(
      `${name}-private`,
      {
        ...placeOf(args),
        network: args.network,
        service: "registry",
        target: registry.id,
        group: "registry",
      },
      child,
    );
    grantAzureRole(
      `${name}-kubelet`,
      { place: args, role: "AcrPull", principalId: kubeletPrincipalId, scope: registry.id },
      child,
    );
    grantAzureAdmins(name, { place: args, role: "AcrPush", adminGroups, scope: registry.id }, child);
    // One rule for each image: with a rule for a whole upstream registry, nodes could pull all of its images.
    const { resourceGroupName } = placeOf(args);
    const { pathname } = new URL(url);
    const prefix = pathname.replace(/^\/|\/$/g, "");
    for (const { name: image, host, repository, target } of pulledImages("acr", args.images))
      new containerregistry.CacheRule(
        `${name}-upstream-${image}`,
        {
          resourceGroupName,
          registryName: registry.name,
          cacheRuleName: `upstream-${image}`,
          sourceRepository: `${host}/${repository}`,
          targetRepository: prefix === "" ? target : `${prefix}/${target}`,
        },
        // Azure lets a rule change only its credentials.
        { ...child, replaceOnChanges: ["sourceRepository", "targetRepository"], deleteBeforeReplace: true },
      );
    this.id = registry.id;
    this.registerOutputs({ url });
  }
}

/** Reads the name of the registry from a URL. Throws unless it is the URL of an Azure Container Registry. */
function acrName(url: string, what: string): string {
  const name = /^https:\/\/([a-z0-9]{5,50})\.azurecr\.io(\/|$)/.exec(url)?.[1];
  if (name === undefined)
    throw new Error(
      `${what} must be https://<name>.azurecr.io, the name of 5 to 50 lower-case letters and digits, got ${url}`,
    );
  return name;
}
