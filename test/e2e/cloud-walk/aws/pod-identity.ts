import type { IdentityWebhookOptions } from "../kubernetes/identity-webhook.ts";

const MOUNT = "/var/run/secrets/eks.amazonaws.com/serviceaccount";

/**
 * Returns how EKS gives pods the role in their service account's annotation: a token for AWS, and the variables that name it.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export function podIdentity(region: string): Pick<IdentityWebhookOptions, "name" | "injectionOf"> {
  return {
    name: "pod-identity-webhook.amazonaws.com",
    injectionOf: (_labels, annotations) => {
      const role = annotations["eks.amazonaws.com/role-arn"];
      if (role === undefined) return undefined;
      return {
        volume: "aws-iam-token",
        mountPath: MOUNT,
        token: { audience: "sts.amazonaws.com", path: "token" },
        env: { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: `${MOUNT}/token`, AWS_REGION: region },
      };
    },
  };
}
