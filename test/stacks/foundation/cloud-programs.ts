import { awsOutputs } from "../../components/aws/aws-outputs.ts";
import { azureOutputs } from "../../components/azure/azure-outputs.ts";
import { gcpOutputs } from "../../components/gcp/gcp-outputs.ts";
import type { CloudProgram } from "./fake-clouds.ts";

/** Programs with every optional part of the config, one for each cloud. */
export const awsProgram: CloudProgram = {
  program: "aws",
  cloud: "aws",
  outputs: (type, name, inputs) => ({ ...inputs, ...awsOutputs(type, name, inputs) }),
  nodes: {
    "cluster-control-plane-cluster": [0, 1, 2]
      .map((zone) => `cluster-cpu-${zone}-group`)
      .concat("cluster-system-group"),
  },
  onlyValues: ["dns-proof"], // proves the ownership of the domain; an issued certificate no longer needs it
};

export const azureProgram: CloudProgram = {
  program: "azure",
  cloud: "azure-native",
  outputs: azureOutputs,
  functions: { "azure-native:redisenterprise:listDatabaseKeys": { primaryKey: "generated" } },
  // They contain the URL of the issuer of a cluster, which may be deleted before them.
  onlyValues: ["platform-training", "staging-pushback", "staging-pushback-drift", "staging-gateway"].map(
    (account) => `${account}-identity-credential`,
  ),
};

export const gcpProgram: CloudProgram = { program: "gcp", cloud: "gcp", outputs: gcpOutputs };
