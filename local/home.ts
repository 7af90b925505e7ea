import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Returns a path in the folder for data that must outlive a checkout: cluster data, certificates, registry, stack state.
 * `SLIPWAY_HOME` overrides the folder. @default /var/lib/slipway for root; ~/.local/share/slipway for other users, who can only use
 * an existing cluster
 */
export function home(...parts: string[]): string {
  const usual = process.getuid?.() === 0 ? "/var/lib/slipway" : join(homedir(), ".local", "share", "slipway");
  return join(process.env["SLIPWAY_HOME"] ?? usual, ...parts);
}

/**
 * Returns a path in the folder for data that can be built again, keyed by its pins: tools, wheels, image layers.
 * `SLIPWAY_CACHE` overrides the folder. @default ~/.cache/slipway
 */
export function cache(...parts: string[]): string {
  return join(process.env["SLIPWAY_CACHE"] ?? join(homedir(), ".cache", "slipway"), ...parts);
}

/** Returns the path of the user's settings of Go, such as a proxy. */
export function userGoSettings(): string {
  const config = process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  return process.env["GOENV"] ?? join(config, "go", "env");
}

/** Returns the URL below which a mirror serves published programs, from `SLIPWAY_DOWNLOADS`. @default - none: their publishers serve them */
export function downloadsMirror(): string | undefined {
  return process.env["SLIPWAY_DOWNLOADS"] || undefined;
}

/** Returns the name of the variable that names an HTTPS proxy, if Node was not told to use it. */
export function unusedProxy(): string | undefined {
  if (process.env["NODE_USE_ENV_PROXY"] === "1") return undefined;
  return ["HTTPS_PROXY", "https_proxy"].find((name) => (process.env[name] ?? "") !== "");
}
