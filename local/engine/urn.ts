const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  /** All types from the outermost component to the resource, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

/** Parses `urn:pulumi:STACK::PROJECT::QUALIFIED$TYPE::NAME`. A name may contain `::`. */
export function parseUrn(urn: string): UrnParts {
  const match = /^urn:pulumi:([^:]+)::([^:]+)::(.+?)::(.*)$/s.exec(urn);
  if (!match) throw new Error(`not a Pulumi urn: ${JSON.stringify(urn)}`);
  const [, stack = "", project = "", qualifiedType = "", name = ""] = match;
  return {
    stack,
    project,
    qualifiedType,
    type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1),
    name,
  };
}

/** Returns the urn of a resource by Pulumi's rule. The stack as a parent adds nothing to the qualified type. */
export function makeUrn(options: {
  stack: string;
  project: string;
  parent?: string;
  type: string;
  name: string;
}): string {
  const { stack, project, parent, type, name } = options;
  return qualifiedUrn(stack, project, parent ? parentPrefix(parent) + type : type, name);
}

export function qualifiedUrn(stack: string, project: string, qualifiedType: string, name: string): string {
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

function parentPrefix(parent: string): string {
  const { qualifiedType, type } = parseUrn(parent);
  return type === ROOT_STACK_TYPE ? "" : `${qualifiedType}$`;
}

export function isStackType(type: string): boolean {
  return type === ROOT_STACK_TYPE;
}

/** Returns the package of a type token: `kubernetes` for `kubernetes:apps/v1:Deployment` and for `pulumi:providers:kubernetes`. */
export function packageOf(type: string): string {
  const parts = type.split(":");
  return isProviderType(type) ? (parts[2] ?? "") : (parts[0] ?? "");
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** True for a default provider: the engine creates it if the program names none. */
export function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return isProviderType(type) && (name === "default" || name.startsWith("default_"));
}

/** Splits a provider reference, `URN::ID`. */
export function parseProviderReference(reference: string): { urn: string; id: string } {
  const at = reference.lastIndexOf("::");
  if (at < 0) throw new Error(`not a provider reference: ${JSON.stringify(reference)}`);
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
