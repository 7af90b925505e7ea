import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** Lets a member read a repository of Artifact Registry, or push to it too. */
export function grantRepository(
  name: string,
  repository: {
    project: pulumi.Input<string>;
    location: pulumi.Input<string>;
    repository: pulumi.Input<string>;
  },
  { role, member }: { role: "reader" | "writer"; member: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  new gcp.artifactregistry.RepositoryIamMember(
    `${name}-${role}`,
    { ...repository, role: `roles/artifactregistry.${role}`, member },
    opts,
  );
}
