const MAX = 32;

/** An IPv4 network: its first address as a number, and the bits of its prefix. */
interface Network {
  base: number;
  bits: number;
}

/**
 * Subnets of an IPv4 network, one after the other and each as large as its bits say. Throws if they do not fit, if the
 * network is none, or if a subnet would start between its own boundaries.
 */
export function subnets(cidr: string, ...bits: number[]): string[] {
  const network = parse(cidr);
  const end = network.base + size(network.bits);
  let next = network.base;
  return bits.map((wanted) => {
    const length = size(wanted);
    if (next % length !== 0)
      throw new Error(`subnets of ${cidr}: must go from large to small, got /${wanted}`);
    if (next + length > end)
      throw new Error(`subnets of ${cidr}: must fit in, got ${bits.map((b) => `/${b}`).join(" ")}`);
    const subnet = `${toAddress(next)}/${wanted}`;
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

function size(bits: number): number {
  return 2 ** (MAX - bits);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
