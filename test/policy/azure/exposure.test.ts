import { expect, test } from "vitest";
import { judge } from "../judge.ts";

function findings(ports: Record<string, unknown>, allowedPorts: number[] = []): number {
  const inputs = {
    access: "Allow",
    direction: "Inbound",
    sourceAddressPrefixes: ["0.0.0.0/0"],
    ...ports,
  };
  const planned = { name: "it", type: "azure-native:network:SecurityRule", inputs };
  return judge("azure-nsg-not-open", [planned], { config: { allowedPorts } }).length;
}

test("refuses a rule for the whole internet, unless its ports are among allowedPorts", () => {
  expect(findings({ destinationPortRange: "443" })).toBe(1);
  expect(findings({ destinationPortRange: "443" }, [443])).toBe(0);
  expect(findings({ destinationPortRanges: ["443"] }, [443])).toBe(0);
});

test.each([
  ["another port", { destinationPortRanges: ["443", "22"] }],
  ["a range of ports", { destinationPortRange: "443-444" }],
  ["all ports", { destinationPortRange: "*" }],
  ["no port", {}],
])("allowedPorts does not admit a rule with %s", (_case, ports) => {
  expect(findings(ports, [443])).toBe(1);
});
