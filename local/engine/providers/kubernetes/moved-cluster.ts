import { Secret, Unknown } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { loadKubeconfig } from "./kubeconfig.ts";

/** Keys of the provider's config that choose the cluster. */
const CHOOSING = ["kubeconfig", "context", "cluster"] as const;

/** The kubeconfig of a provider without a kubeconfig in its config. */
export interface AmbientKubeconfig {
  kubeconfig?: string;
  context?: string;
}

/**
 * Returns the keys through which a provider's config moved to another cluster: the address of the API server tells. Another
 * token, certificate or name of a context moves nothing. Where both configs have a `clusterIdentifier`, it alone decides.
 * A key whose new value is known only after the update counts as moved, as with pulumi-kubernetes; one whose old value
 * cannot be read any more does not.
 */
export function movedKeys(
  oldConfig: PropertyMap,
  newConfig: PropertyMap,
  ambient: AmbientKubeconfig,
): string[] {
  const [before, after] = [textOf(oldConfig["clusterIdentifier"]), textOf(newConfig["clusterIdentifier"])];
  if (before !== undefined && after !== undefined) return before === after ? [] : ["clusterIdentifier"];
  const unknown = CHOOSING.filter((key) => isUnknown(newConfig[key]) && !isUnknown(oldConfig[key]));
  if (unknown.length > 0) return unknown;
  const [oldServer, newServer] = [serverOf(oldConfig, ambient), serverOf(newConfig, ambient)];
  if (oldServer === undefined || newServer === undefined || oldServer === newServer) return [];
  return CHOOSING.filter((key) => textOf(oldConfig[key]) !== textOf(newConfig[key]));
}

function serverOf(config: PropertyMap, ambient: AmbientKubeconfig): string | undefined {
  if (CHOOSING.some((key) => isUnknown(config[key]))) return undefined;
  const ownKubeconfig = textOf(config["kubeconfig"]);
  try {
    return loadKubeconfig({
      kubeconfig: ownKubeconfig ?? ambient.kubeconfig,
      context: textOf(config["context"]) ?? (ownKubeconfig === undefined ? ambient.context : undefined),
      cluster: textOf(config["cluster"]),
    }).server;
  } catch {
    return undefined; // `configure` reports the error
  }
}

function isUnknown(value: PropertyValue | undefined): boolean {
  return withoutMark(value) instanceof Unknown;
}

function textOf(value: PropertyValue | undefined): string | undefined {
  const text = withoutMark(value);
  return typeof text === "string" && text !== "" ? text : undefined;
}

function withoutMark(value: PropertyValue | undefined): PropertyValue | undefined {
  return value instanceof Secret ? withoutMark(value.value) : value;
}
