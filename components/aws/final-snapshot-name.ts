import type * as pulumi from "@pulumi/pulumi";
import type { AwsKey } from "./key.ts";

/**
 * Returns the name of the snapshot that AWS takes when a database is deleted. It ends in the start of the id of the database's key,
 * which is another one in each deployment: with a fixed name, a second deletion would meet the first snapshot and fail.
 */
export function finalSnapshotName(name: string, key: AwsKey): pulumi.Output<string> {
  return key.resource.id.apply((id) => `${name}-final-${id.slice(0, 8)}`);
}
