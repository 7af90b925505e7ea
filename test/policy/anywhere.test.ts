import { describe, expect, it } from "vitest";
import { Field } from "../../policy/rule/field.ts";
import { isAnywhere } from "../../policy/rule/anywhere.ts";
import { judge, UNKNOWN } from "./judge.ts";

describe("the whole internet", () => {
  it.each(["0.0.0.0/0", "10.1.2.3/0", "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/00", "::/0", "::0/0"])(
    "is %s",
    (cidr) => expect(isAnywhere(new Field(cidr))).toBe(true),
  );

  it.each(["0:0:0:0:0:0:0:0/0", "2000::/3", "0.0.0.0", " 0.0.0.0/0 "])("is %s", (cidr) =>
    expect(isAnywhere(new Field(cidr))).toBe(true),
  );

  it.each([
    "10.0.0.0/8",
    "192.0.2.7/32",
    "192.0.2.7",
    "fc00::/7",
    "2001:db8::/32",
    "",
    "VirtualNetwork",
    UNKNOWN,
  ])("is not %s", (cidr) => expect(isAnywhere(new Field(cidr))).toBe(false));
});

it("is found in the default security group of a network", () => {
  const type = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
  const ingress = [{ fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }];
  expect(judge("aws-security-group-not-open", [{ name: "it", type, inputs: { ingress } }])).toHaveLength(2);
});

it("is found in a rule of Azure in lower case", () => {
  const inputs = {
    access: "allow",
    direction: "inbound",
    sourceAddressPrefix: "internet",
    destinationPortRange: "22",
  };
  const type = "azure-native:network:SecurityRule";
  expect(judge("azure-nsg-not-open", [{ name: "it", type, inputs }])).toHaveLength(1);
});

it("reads the pods of a patch as those of a workload", () => {
  const type = "kubernetes:apps/v1:DaemonSetPatch";
  const containers = [{ name: "agent", securityContext: { privileged: true } }];
  const inputs = { metadata: { name: "agent" }, spec: { template: { spec: { containers } } } };
  expect(judge("kubernetes-pod-security-privileged", [{ name: "it", type, inputs }])).toHaveLength(1);
  const labels = { metadata: { name: "agent", labels: { team: "ml" } } };
  expect(judge("kubernetes-pod-security-capabilities", [{ name: "it", type, inputs: labels }])).toEqual([]);
});
