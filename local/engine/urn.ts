const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  /** All types from the outermost component to the resource, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

/** Takes `urn:pulumi:STACK::PROJECT::QUALIFIED$TYPE::NAME` apart. A name may itself contain `::`. */
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

/** Names a resource the way Pulumi does. A parent that is the stack itself leaves no trace in the type. */
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

/** The package that a type token belongs to: `kubernetes` of `kubernetes:apps/v1:Deployment`, and of its provider. */
export function packageOf(type: string): string {
  const parts = type.split(":");
  return isProviderType(type) ? (parts[2] ?? "") : (parts[0] ?? "");
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** A default provider is one that the engine made because the program named none. */
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
