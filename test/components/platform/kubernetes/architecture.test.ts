import { expect, test } from "vitest";
import { machineArchitecture } from "../../../../components/platform/kubernetes/architecture.ts";

test.each([
  ["m7g.large", "arm64"],
  ["t4g.medium", "arm64"],
  ["c7gn.xlarge", "arm64"],
  ["m8gd.2xlarge", "arm64"],
  ["a1.large", "arm64"],
  ["m7i.large", "amd64"],
  ["g4dn.xlarge", "amd64"],
  ["g6e.xlarge", "amd64"],
  ["inf2.xlarge", "amd64"],
  ["c4a-standard-4", "arm64"],
  ["t2a-standard-4", "arm64"],
  ["n4a-standard-8", "arm64"],
  ["c4-standard-4", "amd64"],
  ["e2-standard-4", "amd64"],
  ["a3-highgpu-8g", "amd64"],
  ["Standard_D4ps_v6", "arm64"],
  ["Standard_D8pds_v6", "arm64"],
  ["Standard_E4pls_v5", "arm64"],
  ["Standard_D4ds_v5", "amd64"],
  ["Standard_NC24ads_A100_v4", "amd64"],
  ["Standard_NP10s", "amd64"],
])("%s has %s processors", (machine, architecture) => {
  expect(machineArchitecture(machine)).toBe(architecture);
});
