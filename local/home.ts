import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where the one-machine platform keeps what must outlive a checkout: cluster data, certificates,
 * registry, stack state. `SLIPWAY_HOME` overrides it. @default /var/lib/slipway for root; for others, who can only use a
 * cluster that is there, ~/.local/share/slipway
 */
export function home(...parts: string[]): string {
  const usual = process.getuid?.() === 0 ? "/var/lib/slipway" : join(homedir(), ".local", "share", "slipway");
  return join(process.env["SLIPWAY_HOME"] ?? usual, ...parts);
}

/**
 * What can be built again at any time, keyed by its pins: tools, wheels, image layers.
 * `SLIPWAY_CACHE` overrides it. @default ~/.cache/slipway
 */
export function cache(...parts: string[]): string {
  return join(process.env["SLIPWAY_CACHE"] ?? join(homedir(), ".cache", "slipway"), ...parts);
}

/** The file of the user's own settings of Go, such as a proxy. */
export function userGoSettings(): string {
  const config = process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  return process.env["GOENV"] ?? join(config, "go", "env");
}
