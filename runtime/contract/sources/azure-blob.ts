import { z } from "zod";
import { endpointSchema, objectStoreFields } from "./object-store-fields.ts";

/** Blobs of a container of an Azure storage account. */
export const azureBlobSchema = z.strictObject({
  kind: z.literal("azure-blob"),
  account: z.string().regex(/^[a-z0-9]{3,24}$/, "must be the name of a storage account, such as acmeprices"),
  container: z
    .string()
    .regex(
      /^([a-z0-9]([a-z0-9-]{1,61})[a-z0-9]|\$(root|web))$/,
      "must be the name of a container, such as prices",
    ),
  /** Address of the account's blobs. @default - `https://ACCOUNT.blob.core.windows.net` */
  endpoint: endpointSchema.optional(),
  ...objectStoreFields,
});
export type AzureBlob = z.infer<typeof azureBlobSchema>;
