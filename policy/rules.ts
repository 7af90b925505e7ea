import { ecrRules } from "./aws/ecr.ts";
import { eksRules } from "./aws/eks.ts";
import { elasticacheRules } from "./aws/elasticache.ts";
import { escalationRules } from "./aws/escalation.ts";
import { awsExposureRules } from "./aws/exposure.ts";
import { iamRules } from "./aws/iam.ts";
import { s3Rules } from "./aws/s3.ts";
import { aksRules } from "./azure/aks.ts";
import { azureExposureRules } from "./azure/exposure.ts";
import { acrRules } from "./azure/registry.ts";
import { blobRules } from "./azure/storage.ts";
import { gcpExposureRules } from "./gcp/exposure.ts";
import { gkeRules } from "./gcp/gke.ts";
import { gcsRules } from "./gcp/storage.ts";
import { networkPolicyRules } from "./kubernetes/network-policies.ts";
import { podSecurityRules } from "./kubernetes/pod-security.ts";
import { workloadRules } from "./kubernetes/workloads.ts";
import { costRules } from "./platform/cost.ts";
import { gpuPoolRules } from "./platform/gpu-pools.ts";
import { identityRules } from "./platform/identity.ts";
import { versionRules } from "./platform/kubernetes-version.ts";
import { podIdentityRules } from "./platform/pod-identity.ts";
import { protectionRules } from "./platform/protection.ts";
import { regionRules } from "./platform/regions.ts";
import { secretRules } from "./platform/secrets.ts";
import { tagRules } from "./platform/tags.ts";
import type { Rule } from "./rule/rule.ts";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  ...podSecurityRules,
  ...workloadRules,
  ...networkPolicyRules,
  ...eksRules,
  ...ecrRules,
  ...s3Rules,
  ...elasticacheRules,
  ...iamRules,
  ...escalationRules,
  ...awsExposureRules,
  ...gkeRules,
  ...gcsRules,
  ...gcpExposureRules,
  ...aksRules,
  ...acrRules,
  ...blobRules,
  ...azureExposureRules,
  ...secretRules,
  ...identityRules,
  ...podIdentityRules,
  ...protectionRules,
  ...tagRules,
  ...regionRules,
  ...versionRules,
  ...gpuPoolRules,
  ...costRules,
];
