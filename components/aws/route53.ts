import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface Route53DnsArgs {
  /** Name of the zone, such as `ml.example.com`. Its parent has to delegate to `nameServers`. */
  zone: string;
  /** Refuse to delete the zone: a new one has other name servers. @default true */
  protect?: boolean;
}

const VALIDATION_TTL_SECONDS = 300;

/**
 * A zone, and a certificate for it and for each name right below it, which renews itself. Nothing listens yet.
 *
 * @example
 * const dns = new Route53Dns("dns", { zone: "ml.example.com" });
 */
export class Route53Dns extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** The parent zone delegates to them. */
  readonly nameServers: pulumi.Output<string[]>;
  /** Known once the certificate is valid. */
  readonly certificateArn: pulumi.Output<string>;

  constructor(name: string, args: Route53DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:dns:Route53Dns", name, {}, opts);
    const { zone: zoneName, protect = true } = args;
    const zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: zoneName, comment: "Slipway" },
      { parent: this, protect },
    );
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    // Only Amazon issues certificates for these names.
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
    // The name and the wildcard below it are proven by the same record.
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
    const valid = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      { parent: this },
    );
    this.certificateArn = valid.certificateArn;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}
