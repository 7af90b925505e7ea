import { awsOutputs } from "../../components/aws/aws-outputs.ts";
import { azureOutputs } from "../../components/azure/azure-outputs.ts";
import { gcpOutputs } from "../../components/gcp/gcp-outputs.ts";
import type { CloudProgram } from "./fake-clouds.ts";

/** Everything that a config can ask of each cloud, as the programs beside this say it. */
export const awsProgram: CloudProgram = {
  program: "aws",
  cloud: "aws",
  outputs: (type, name, inputs) => ({ ...inputs, ...awsOutputs(type, name, inputs) }),
  nodes: { "cluster-control-plane-cluster": ["cluster-system-group", "cluster-cpu-group"] },
  onlyValues: ["dns-proof"], // of the certificate, which does without it once it is there
};

export const azureProgram: CloudProgram = {
  program: "azure",
  cloud: "azure-native",
  outputs: azureOutputs,
  functions: { "azure-native:redisenterprise:listDatabaseKeys": { primaryKey: "generated" } },
  // They name the issuer of a cluster that may be gone.
  onlyValues: ["platform-training", "staging-pushback", "staging-pushback-drift"].map(
    (account) => `${account}-identity-credential`,
  ),
};

export const gcpProgram: CloudProgram = { program: "gcp", cloud: "gcp", outputs: gcpOutputs };
