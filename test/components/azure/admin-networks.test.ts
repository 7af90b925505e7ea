import { expect, test } from "vitest";
import { adminNetworks, firewallRanges } from "../../../components/azure/admin-networks.ts";

test.each(["10.0.0.0/8", "172.16.5.0/24", "172.31.0.0/16", "192.168.1.0/24", "100.64.0.0/10"])(
  "%s is a private network",
  (cidr) => {
    expect(adminNetworks([cidr])).toEqual({ public: [], private: [cidr] });
  },
);

test.each(["172.32.0.0/16", "11.0.0.0/8", "203.0.113.0/24", "100.128.0.0/16"])("%s is public", (cidr) => {
  expect(adminNetworks([cidr])).toEqual({ public: [cidr], private: [] });
});

test.each([
  ["203.0.113.0/24", ["203.0.113.0/24"]],
  ["203.0.113.7/32", ["203.0.113.7"]],
  ["203.0.113.7/31", ["203.0.113.6", "203.0.113.7"]],
  ["10.0.0.0/8", []],
])("the firewall of a service gets %s as %o", (cidr, ranges) => {
  expect(firewallRanges([cidr])).toEqual(ranges);
});
