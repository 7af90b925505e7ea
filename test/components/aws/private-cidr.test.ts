import { expect, test } from "vitest";
import { isPrivateCidr } from "../../../components/aws/private-cidr.ts";

test.each([
  "10.0.0.0/8",
  "10.8.0.0/16",
  "172.16.0.0/12",
  "172.31.255.255/32",
  "192.168.4.0/24",
  "100.64.0.0/10",
])("%s is private", (cidr) => {
  expect(isPrivateCidr(cidr)).toBe(true);
});

test.each(["203.0.113.0/24", "172.32.0.0/16", "10.0.0.0/7", "100.128.0.0/10", "192.169.0.1/32"])(
  "%s is public, at least in part",
  (cidr) => {
    expect(isPrivateCidr(cidr)).toBe(false);
  },
);
