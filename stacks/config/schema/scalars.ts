import { z } from "zod";

/** Name of an environment, a service, a pool or the like. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "must be 1 to 40 lower-case letters, digits and hyphens, a letter first",
  );

/** A whole number of at least `minimum`. */
export const count = (minimum: number): z.ZodNumber => z.number().int().min(minimum);

/** A network, which may be the whole internet. */
export const networkSchema = z
  .cidrv4("must be an IPv4 network such as 203.0.113.0/24")
  // Clouds refuse, or silently change, a network that starts at another address than its first.
  .refine(isFirstAddress, "must start at the first address of the network: 10.0.0.0/8 and not 10.0.0.1/8");

export const cidrSchema = networkSchema.refine(
  (cidr) => !cidr.endsWith("/0"),
  "must not be the whole internet: name your own networks",
);

function isFirstAddress(cidr: string): boolean {
  const [address = "", length = "32"] = cidr.split("/");
  const number = address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
  return number % 2 ** (32 - Number(length)) === 0;
}
