import { expect, test } from "vitest";
import { shippedStack, withoutAddedServices } from "./shipped-stack.ts";

const SERVICE = "          workload: prices\n          model: { follow: champion }\n";

test("services that a team adds to a stack file are left out, with the lines before and after as they are", async () => {
  const shipped = await shippedStack("dev");
  const added = shipped.replaceAll("      services:\n", `      services:\n        price:\n${SERVICE}`);
  expect(added).not.toBe(shipped);
  expect(withoutAddedServices(added)).toBe(shipped);
  expect(withoutAddedServices(shipped)).toBe(shipped);
});
