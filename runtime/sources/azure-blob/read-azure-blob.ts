import type { AzureBlob } from "../../contract/sources/azure-blob.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import { readObjects, type ReadObjectsOptions } from "../object-store/read-objects.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { azureBlobStore } from "./azure-blob-store.ts";
import { azureProof } from "./azure-proof.ts";

/** Reads the blobs of a container of an Azure storage account. */
export async function readAzureBlob(
  request: ReadSourceRequest<AzureBlob>,
  options: ReadObjectsOptions = {},
): Promise<SourceObject[]> {
  const { workload, source, credentials, env = {} } = request;
  const what = `${workload}: source azure://${source.account}/${source.container}`;
  const proof = await azureProof({ what, credentials, env });
  return readObjects(azureBlobStore(source, proof), request, options);
}
