import type * as pulumi from "@pulumi/pulumi";

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: pulumi.Input<string>[];
  Condition?: Record<string, Record<string, pulumi.Input<string>>>;
}

/** Lets `service` take the role, for resources of one account only. */
export function trustPolicy(service: string, account?: pulumi.Input<string>): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(account === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": account } } }),
      },
    ],
  };
}

/** Pulls the image and the model. The token of ECR is for no repository in particular. */
export function pullFromEcr(repositoryArns: readonly pulumi.Input<string>[]): PolicyStatement[] {
  if (repositoryArns.length === 0) return [];
  return [
    { Sid: "RegistryToken", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    {
      Sid: "Pull",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: [...repositoryArns],
    },
  ];
}

/** Has network interfaces in the VPC: these actions know no narrower resource before an interface exists. */
export function networkInterfaces(more: readonly string[] = []): PolicyStatement {
  return {
    Sid: "NetworkInterfaces",
    Effect: "Allow",
    Action: [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      ...more,
    ],
    Resource: ["*"],
  };
}

export const policyDocument = (statements: readonly PolicyStatement[]): object => ({
  Version: "2012-10-17",
  Statement: statements,
});
