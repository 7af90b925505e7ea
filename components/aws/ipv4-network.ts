const MAX = 32;

/** An IPv4 network: its first address as a number, and the bits of its prefix. */
interface Network {
  base: number;
  bits: number;
}

/**
 * Divides an IPv4 network into consecutive subnets with the given prefix lengths. Throws if they do not fit, if `cidr` is not
 * a network, or if a smaller subnet comes before a larger one, which would then not be aligned to its own size.
 */
export function subnets(cidr: string, ...prefixLengths: number[]): string[] {
  const network = parse(cidr);
  const end = network.base + size(network.bits);
  let next = network.base;
  return prefixLengths.map((bits) => {
    const length = size(bits);
    if (next % length !== 0) throw new Error(`subnets of ${cidr}: must go from large to small, got /${bits}`);
    if (next + length > end)
      throw new Error(
        `subnets of ${cidr}: must fit in, got ${prefixLengths.map((wanted) => `/${wanted}`).join(" ")}`,
      );
    const subnet = `${toAddress(next)}/${bits}`;
    next += length;
    return subnet;
  });
}

function parse(cidr: string): Network {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [a, b, c, d, bits] = (match ?? []).slice(1).map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || bits === undefined)
    throw new Error(`cidr must be an IPv4 network such as 10.0.0.0/16, got ${cidr}`);
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  if (Math.max(a, b, c, d) > 255 || bits > MAX || base % size(bits) !== 0)
    throw new Error(`cidr must be an IPv4 network such as 10.0.0.0/16, got ${cidr}`);
  return { base, bits };
}

/** Number of addresses. */
function size(bits: number): number {
  return 2 ** (MAX - bits);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
