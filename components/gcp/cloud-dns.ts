import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface CloudDnsArgs {
  project: pulumi.Input<string>;
  /** DNS name of the zone, such as `ml.example.com`. The parent zone must delegate it to `nameServers`. */
  zone: string;
  /** Refuse to delete the zone. @default true */
  protect?: boolean;
}

/** The only certificate authority that may issue certificates for the zone. @see https://pki.goog/faq/ */
const AUTHORITY = "pki.goog";

/**
 * A public zone of Cloud DNS, signed with DNSSEC, and a certificate for its name and for every name directly below it, which
 * Google renews. It creates no endpoint.
 *
 * @example
 * const dns = new CloudDns("dns", { project: project.id, zone: "ml.example.com" });
 */
export class CloudDns extends pulumi.ComponentResource {
  /** Name servers that the parent zone must delegate to. */
  readonly nameServers: pulumi.Output<string[]>;
  /** Name of the certificate map, for the annotation `networking.gke.io/certmap` of a Gateway. */
  readonly certificateMap: pulumi.Output<string>;
  /** Name of the zone in Cloud DNS, for further records. */
  readonly zoneName: pulumi.Output<string>;

  constructor(name: string, args: CloudDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:dns:CloudDns", name, {}, opts);
    const { project, zone, protect = true } = args;
    const child = { parent: this };
    const managed = new gcp.dns.ManagedZone(
      `${name}-zone`,
      {
        project,
        dnsName: `${zone}.`,
        description: `Names of ${zone}`,
        visibility: "public",
        dnssecConfig: { state: "on", nonExistence: "nsec3" },
        cloudLoggingConfig: { enableLogging: true },
        forceDestroy: false,
      },
      { parent: this, protect },
    );
    this.nameServers = managed.nameServers;
    this.zoneName = managed.name;
    const inZone = { project, managedZone: managed.name, ttl: 300 };
    new gcp.dns.RecordSet(
      `${name}-authority`,
      { ...inZone, name: `${zone}.`, type: "CAA", rrdatas: [`0 issue "${AUTHORITY}"`] },
      child,
    );
    const authorization = new gcp.certificatemanager.DnsAuthorization(
      `${name}-authorization`,
      { project, domain: zone, location: "global" },
      child,
    );
    const proof = authorization.dnsResourceRecords.apply(([record]) => {
      if (record === undefined) throw new Error(`${name}: the authorization must have a DNS record`);
      return record;
    });
    const proofRecord = new gcp.dns.RecordSet(
      `${name}-proof`,
      { ...inZone, name: proof.name, type: proof.type, rrdatas: [proof.data] },
      child,
    );
    const names = [zone, `*.${zone}`];
    const certificate = new gcp.certificatemanager.Certificate(
      `${name}-certificate`,
      { project, location: "global", managed: { domains: names, dnsAuthorizations: [authorization.id] } },
      { parent: this, dependsOn: [proofRecord] },
    );
    const map = new gcp.certificatemanager.CertificateMap(
      `${name}-certificates`,
      { project, description: `Certificates of ${zone}` },
      child,
    );
    for (const [index, hostname] of names.entries())
      new gcp.certificatemanager.CertificateMapEntry(
        `${name}-${index === 0 ? "apex" : "wildcard"}`,
        { project, map: map.name, hostname, certificates: [certificate.id] },
        child,
      );
    this.certificateMap = map.name;
    this.registerOutputs({ nameServers: this.nameServers, certificateMap: this.certificateMap });
  }
}
