import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface Route53DnsArgs {
  /** DNS name of the zone, such as `ml.example.com`. The parent zone must delegate it to `nameServers`. */
  zone: string;
  /**
   * Whether the parent zone delegates to `nameServers`. AWS issues the certificate only then, and only then the component waits for
   * it: before, an `up` would wait for 75 minutes and fail. @default false
   */
  delegated?: boolean;
  /** Refuse to delete the zone: a new zone would have other name servers. @default true */
  protect?: boolean;
}

const VALIDATION_TTL_SECONDS = 300;

/**
 * A DNS zone, and a certificate for its name and for every name directly below it, which AWS renews. It creates no endpoint.
 *
 * @example
 * const dns = new Route53Dns("dns", { zone: "ml.example.com" });
 */
export class Route53Dns extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Name servers that the parent zone must delegate to. */
  readonly nameServers: pulumi.Output<string[]>;
  /** ARN of the valid certificate. @default - none: the zone is not delegated */
  readonly certificateArn?: pulumi.Output<string>;

  constructor(name: string, args: Route53DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:dns:Route53Dns", name, {}, opts);
    const { zone: zoneName, delegated = false, protect = true } = args;
    const zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: zoneName, comment: "Slipway" },
      { parent: this, protect },
    );
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    // Only Amazon may issue certificates for these names.
    new aws.route53.Record(
      `${name}-issuers`,
      {
        zoneId: zone.zoneId,
        name: zoneName,
        type: "CAA",
        ttl: VALIDATION_TTL_SECONDS,
        records: ['0 issue "amazon.com"', '0 issuewild "amazon.com"'],
      },
      { parent: this, deletedWith: zone },
    );
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: zoneName,
        subjectAlternativeNames: [`*.${zoneName}`],
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
      },
      { parent: this },
    );
    // One record proves the control of both names, the zone and its wildcard.
    const proof = certificate.domainValidationOptions[0]!;
    const record = new aws.route53.Record(
      `${name}-proof`,
      {
        zoneId: zone.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        ttl: VALIDATION_TTL_SECONDS,
        records: [proof.resourceRecordValue],
      },
      { parent: this, deletedWith: zone },
    );
    if (delegated)
      this.certificateArn = new aws.acm.CertificateValidation(
        `${name}-validation`,
        { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
        { parent: this },
      ).certificateArn;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}
