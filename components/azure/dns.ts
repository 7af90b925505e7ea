import * as dns from "@pulumi/azure-native/dns/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./place.ts";

export interface AzureDnsArgs extends AzurePlace {
  /** DNS name of the zone, such as `ml.example.com`. */
  zone: string;
  /** Certificate authorities that may issue certificates for names in the zone. @default letsencrypt.org */
  authorities?: readonly string[];
  /** Refuse to delete the zone: a new zone would have other name servers. @default true */
  protect?: boolean;
}

/**
 * A public DNS zone in which only the given authorities may issue certificates. Azure issues none for names that pods serve: a person gets
 * one and puts it into a vault, see `AzureKeyVaultCertificates`.
 *
 * @example
 * const dns = new AzureDns("dns", { ...place, zone: "ml.example.com" });
 */
export class AzureDns extends pulumi.ComponentResource {
  /** Id of the zone: the scope for role assignments. */
  readonly id: pulumi.Output<string>;
  /** Name servers to enter at the registrar of the domain. */
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: AzureDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:dns:AzureDns", name, {}, opts);
    const {
      zone: zoneName,
      authorities = ["letsencrypt.org"],
      protect = true,
      resourceGroupName,
      tags,
    } = args;
    if (authorities.length === 0)
      throw new Error(`${name}: authorities must contain one or more, such as letsencrypt.org, got none`);
    const zone = new dns.Zone(
      `${name}-zone`,
      { resourceGroupName, tags, location: "global", zoneName, zoneType: dns.ZoneType.Public },
      { parent: this, protect },
    );
    new dns.RecordSet(
      `${name}-authorities`,
      {
        resourceGroupName,
        zoneName: zone.name,
        relativeRecordSetName: "@",
        recordType: "CAA",
        ttl: 3600,
        metadata: tags, // DNS records have metadata instead of tags
        caaRecords: authorities.map((value) => ({ flags: 0, tag: "issue", value })),
      },
      { parent: this, deletedWith: zone },
    );
    this.id = zone.id;
    this.nameServers = zone.nameServers;
    this.registerOutputs({ nameServers: this.nameServers });
  }
}
