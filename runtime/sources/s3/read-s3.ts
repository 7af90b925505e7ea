import type { S3 } from "../../contract/sources/s3.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import { readObjects, type ReadObjectsOptions } from "../object-store/read-objects.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { awsKeys } from "./aws-keys.ts";
import { s3Store } from "./s3-store.ts";

const DEFAULT_REGION = "us-east-1";

/** Reads the objects of a bucket of Amazon S3, or of a server that speaks its protocol. */
export async function readS3(
  request: ReadSourceRequest<S3>,
  options: ReadObjectsOptions = {},
): Promise<SourceObject[]> {
  const { workload, source, credentials, env = {} } = request;
  const region = source.region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? DEFAULT_REGION;
  const what = `${workload}: source s3://${source.bucket}`;
  const keys = await awsKeys({ what, credentials, env, region });
  return readObjects(s3Store(source, region, keys), request, options);
}
