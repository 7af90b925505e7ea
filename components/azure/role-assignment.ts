import * as authorization from "@pulumi/azure-native/authorization/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { guidV5 } from "./names.ts";
import type { AzurePlace } from "./place.ts";
import { roleDefinitionId, type AzureRole } from "./roles.ts";

export interface AzureRoleGrant {
  place: AzurePlace;
  role: AzureRole;
  /** Object id of the identity or group that gets the role. */
  principalId: pulumi.Input<string>;
  /** Kind of `principalId`. @default ServicePrincipal, which identities are */
  principalType?: "ServicePrincipal" | "Group";
  /** Id of the resource on which the role is granted; choose the smallest scope that is enough. */
  scope: pulumi.Input<string>;
}

/**
 * Grants a role on a resource. The GUID of the role assignment is derived from the subscription, the location, the prefix and
 * `name`, so that every preview has the same one.
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
      principalType, // without it, Azure looks up the identity, and does not find a new one yet
      roleDefinitionId: roleDefinitionId(place.subscription, role),
      scope,
    },
    // The GUID cannot be used for another principal while the old assignment exists.
    { deleteBeforeReplace: true, ...opts },
  );
}

/** Grants a role on a resource to each Entra group of administrators. */
export function grantAzureAdmins(
  name: string,
  {
    adminGroups,
    ...grant
  }: Pick<AzureRoleGrant, "place" | "role" | "scope"> & {
    /** Object ids of the groups. */
    adminGroups: readonly string[];
  },
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment[] {
  return adminGroups.map((group) =>
    grantAzureRole(`${name}-admins-${group}`, { ...grant, principalId: group, principalType: "Group" }, opts),
  );
}
