import type * as pulumi from "@pulumi/pulumi";

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: pulumi.Input<string>[];
  Condition?: Record<string, Record<string, pulumi.Input<string>>>;
}

/** Trust policy that lets a service assume a role. With `account`, only for resources of that account. */
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

/** Statements that let a role pull images and models. IAM cannot restrict the ECR token to a repository. */
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

/** Statement that lets a service attach network interfaces to the VPC. IAM cannot restrict these actions before an interface exists. */
export function networkInterfaces(moreActions: readonly string[] = []): PolicyStatement {
  return {
    Sid: "NetworkInterfaces",
    Effect: "Allow",
    Action: [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      ...moreActions,
    ],
    Resource: ["*"],
  };
}

/** The JSON object of an IAM policy. */
export const policyDocument = (statements: readonly PolicyStatement[]): object => ({
  Version: "2012-10-17",
  Statement: statements,
});
