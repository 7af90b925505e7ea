import { BlockList } from "node:net";

/** Networks that no router of the internet knows: those of RFC 1918, and the shared addresses of RFC 6598. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("100.64.0.0", 10);

/** Networks of administrators, by the way in which Azure admits them. */
export interface AdminNetworks {
  /** Networks of the internet. The firewall of each service and the API server admit them. */
  public: string[];
  /** Networks connected to the virtual network, by a VPN or a peering. Security groups admit them to the private endpoints. */
  private: string[];
}

/** Divides the networks of administrators into those of the internet and private ones. */
export function adminNetworks(cidrs: readonly string[] = []): AdminNetworks {
  const isPrivate = (cidr: string): boolean => PRIVATE.check(cidr.split("/", 1).join(""));
  return { public: cidrs.filter((cidr) => !isPrivate(cidr)), private: cidrs.filter(isPrivate) };
}

/**
 * Returns the public networks as the firewalls of Azure's services accept them: Storage refuses /31 and /32, and takes single
 * addresses.
 * @see https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
export function firewallRanges(cidrs: readonly string[] = []): string[] {
  return adminNetworks(cidrs).public.flatMap((cidr) => {
    const [address = "", bits = "32"] = cidr.split("/");
    if (bits === "32") return [address];
    if (bits !== "31") return [cidr];
    const [last = 0, ...rest] = address.split(".").map(Number).reverse();
    return [last & ~1, last | 1].map((byte) => [byte, ...rest].reverse().join("."));
  });
}
