import type { AzureBlob } from "../../contract/sources/azure-blob.ts";
import type { SourceReader } from "../source-reader.ts";

export const readAzureBlob: SourceReader<AzureBlob> = () => Promise.reject(new Error("todo"));
