import * as authorization from "@pulumi/azure-native/authorization/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { guidV5 } from "./names.ts";
import type { AzurePlace } from "./place.ts";
import { roleDefinitionId, type AzureRole } from "./roles.ts";

export interface AzureRoleGrant {
  place: AzurePlace;
  role: AzureRole;
  /** Object id of who gets the role. */
  principalId: pulumi.Input<string>;
  /** @default ServicePrincipal, which identities are */
  principalType?: "ServicePrincipal" | "Group";
  /** Id of the resource on which the role holds: the narrowest that serves. */
  scope: pulumi.Input<string>;
}

/**
 * Gives one role on one resource. The assignment's GUID follows from the subscription, the prefix and `name`, so that
 * previews are stable and a second run finds the first one's.
 */
export function grantAzureRole(
  name: string,
  { place, role, principalId, principalType = "ServicePrincipal", scope }: AzureRoleGrant,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return new authorization.RoleAssignment(
    name,
    {
      roleAssignmentName: guidV5(`${place.subscription}/${place.location}/${place.prefix}/${name}`),
      principalId,
      principalType, // without it, Azure looks a new identity up and does not find it yet
      roleDefinitionId: roleDefinitionId(place.subscription, role),
      scope,
    },
    // The same GUID cannot stand for another principal while it stands for this one.
    { deleteBeforeReplace: true, ...opts },
  );
}
