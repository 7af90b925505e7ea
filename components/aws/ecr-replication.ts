import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface EcrReplicationArgs {
  account: string;
  region: string;
  /** Region that gets a copy of every repository. */
  copyRegion: string;
}

/**
 * Copies every image and artifact that is pushed to ECR from now on to another region. The setting belongs to the account and region: it
 * replaces one that is there, and a second stack with it in the same account and region would replace this one.
 *
 * @example
 * new EcrReplication("registry-copies", { account, region: "eu-central-1", copyRegion: "eu-west-1" });
 */
export class EcrReplication extends pulumi.ComponentResource {
  constructor(name: string, args: EcrReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:backup:EcrReplication", name, {}, opts);
    const { account, region, copyRegion } = args;
    if (copyRegion === region)
      throw new Error(`${name}: copyRegion must be another region than ${region}, got ${copyRegion}`);
    new aws.ecr.ReplicationConfiguration(
      `${name}-replication`,
      {
        replicationConfiguration: {
          rules: [{ destinations: [{ region: copyRegion, registryId: account }] }],
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
