import { BlockList } from "node:net";
import type { IncomingMessage } from "node:http";
import { CLIENT_HEADER } from "../cloud.ts";

/** An address of `clientCidrs` of the walk. */
const DEFAULT_CLIENT = "203.0.113.10";

/** Returns the address that a request says it comes from. */
export function clientAddress({ headers }: IncomingMessage): string {
  return String(headers[CLIENT_HEADER] ?? DEFAULT_CLIENT);
}

/** Whether an address is in a network, such as `203.0.113.0/24`; `*` is every network. */
export function isIn(address: string, range: string): boolean {
  if (range === "*") return true;
  const [network = "", prefix = "32"] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), "ipv4");
  return list.check(address, "ipv4");
}
