import * as pulumi from "@pulumi/pulumi";
import { networkInterfaces, policyDocument, pullFromEcr, type PolicyStatement } from "./managed-policy.ts";

/** Instance types with local disks, which their own hardware encrypts. SageMaker refuses a KMS key for them. */
const LOCAL_STORAGE = /^ml\.(g4dn|g5|g6e?|gr6|p3dn|p4de?|p5e?n?|trn\d+n?|[a-z]+\d+[a-z]*d[a-z]*)\./;

/** Whether an instance type has local disks, for which SageMaker refuses a KMS key. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html#sagemaker-CreateEndpointConfig-request-KmsKeyId */
export const hasLocalStorage = (instanceType: string): boolean => LOCAL_STORAGE.test(instanceType);

export interface SageMakerRolePolicyOptions {
  repositoryArns: readonly pulumi.Input<string>[];
  /** `arn:aws:logs:<region>:<account>:log-group:/aws/sagemaker/Endpoints/<name>` */
  logGroupArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  /** ARNs of the S3 objects with model data. */
  modelDataArns: readonly pulumi.Input<string>[];
  /** ARN pattern of the S3 objects with captured data. */
  captureArn?: pulumi.Input<string>;
  vpc: boolean;
}

/** IAM policy for the role of an endpoint: rights of its containers, and of SageMaker on their behalf. */
export function sagemakerRolePolicy(options: SageMakerRolePolicyOptions): object {
  const { repositoryArns, logGroupArn, kmsKeyArn, modelDataArns, captureArn, vpc } = options;
  const statements: PolicyStatement[] = [
    ...pullFromEcr(repositoryArns),
    {
      Sid: "Logs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [pulumi.interpolate`${logGroupArn}:log-stream:*`],
    },
    {
      Sid: "Metrics",
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: ["*"],
      Condition: { StringLike: { "cloudwatch:namespace": "/aws/sagemaker/*" } },
    },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      Resource: [kmsKeyArn],
    },
  ];
  if (modelDataArns.length > 0)
    statements.push({
      Sid: "ModelData",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [...modelDataArns],
    });
  if (captureArn !== undefined)
    statements.push({ Sid: "Capture", Effect: "Allow", Action: ["s3:PutObject"], Resource: [captureArn] });
  if (vpc)
    statements.push(
      networkInterfaces([
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
      ]),
    );
  return policyDocument(statements);
}
