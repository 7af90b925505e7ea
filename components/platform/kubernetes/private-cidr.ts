/** Private networks by RFC 1918 and RFC 6598, as base address and prefix length. */
const PRIVATE: readonly [number, number][] = [
  [ipv4("10.0.0.0"), 8],
  [ipv4("172.16.0.0"), 12],
  [ipv4("192.168.0.0"), 16],
  [ipv4("100.64.0.0"), 10],
];

function ipv4(address: string): number {
  return address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

/** Whether all addresses of a network such as `10.1.0.0/16` are private. */
export function isPrivateCidr(cidr: string): boolean {
  const [address = "", length = "32"] = cidr.split("/");
  return PRIVATE.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Number(length) >= bits && Math.floor(ipv4(address) / size) * size === network;
  });
}
