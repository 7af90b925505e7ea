/** Networks whose addresses are not routed on the internet. @see https://www.rfc-editor.org/rfc/rfc1918 and RFC 6598 */
const PRIVATE: readonly [base: string, bits: number][] = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
];

/** Whether all addresses of an IPv4 network are private, such as those of a VPN or a peered network. */
export function isPrivateCidr(cidr: string): boolean {
  const [address = "", prefix = "32"] = cidr.split("/");
  return PRIVATE.some(
    ([base, bits]) => Number(prefix) >= bits && leadingBits(address, bits) === leadingBits(base, bits),
  );
}

/** Returns the first `bits` of an IPv4 address, as a number. */
function leadingBits(address: string, bits: number): number {
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return Math.floor(value / 2 ** (32 - bits));
}
