import { isBuiltIn } from "./kube-object.ts";

export interface TypeToken {
  apiVersion: string;
  /** The kind as the token has it; of a Patch resource without `Patch`. */
  kind: string;
  /** A resource that manages some fields of an object that someone else made. */
  patch: boolean;
}

const REFUSED: [prefix: RegExp, what: string][] = [
  [/^helm\.sh\//, "Helm charts and releases"],
  [/^kustomize/, "Kustomize directories"],
  [/^yaml/, "YAML files and groups"],
];

/**
 * Reads a Pulumi type, such as `kubernetes:apps/v1:Deployment` or, for a custom resource,
 * `kubernetes:argoproj.io/v1alpha1:Rollout`. `inputKind` is the `kind` among the inputs: it tells a Patch
 * resource from a custom kind whose name ends in Patch. Throws, naming the type, for what cannot be deployed.
 */
export function parseTypeToken(type: string, inputKind?: string): TypeToken {
  const [, module, name, ...rest] = type.split(":");
  if (module === undefined || name === undefined || rest.length > 0 || !type.startsWith("kubernetes:"))
    throw new Error(`${type} is not a type of the kubernetes package`);
  const refused = REFUSED.find(([prefix]) => prefix.test(module));
  if (refused !== undefined)
    throw new Error(
      `${type}: ${refused[1]} are not supported by the offline engine; declare the resources they expand to, or use the pulumi CLI`,
    );
  const [group, version] = module.split("/");
  const apiVersion = version === undefined || group === "core" || group === "" ? (version ?? module) : module;
  if (!/^v\d/.test(version ?? module))
    throw new Error(`${type}: its apiVersion must be GROUP/VERSION, got ${JSON.stringify(module)}`);
  if (name.endsWith("List") && inputKind?.endsWith("List") !== false && isBuiltIn(group ?? ""))
    throw new Error(
      `${type}: list kinds cannot be created; declare one resource for each of its items instead`,
    );
  const patch = name.endsWith("Patch") && inputKind?.endsWith("Patch") !== true;
  return { apiVersion, kind: patch ? name.slice(0, -"Patch".length) : name, patch };
}
