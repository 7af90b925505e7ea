import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";

/** A resource of a plan of the stack prod. */
export function planned(
  type: string,
  name: string,
  inputs: Record<string, unknown> = {},
  parent?: PlannedResource,
): PlannedResource {
  const qualified = parent === undefined ? type : `${parent.urn.split("::")[2]}$${type}`;
  const urn = `urn:pulumi:prod::slipway::${qualified}::${name}`;
  return { urn, type, name, inputs, ...(parent === undefined ? {} : { parent: parent.urn }) };
}
