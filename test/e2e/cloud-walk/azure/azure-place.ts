/** Names from `Pulumi.prod-azure-foundation.yaml`. */
export const TENANT = "2f6a3c44-3f2e-4f57-9c1a-5b8b0d9e7a22";
export const LOCATION = "germanywestcentral";
export const REGISTRY_HOST = "slipway.azurecr.io";
/** Where the registry sends those who ask for a blob. */
export const DATA_HOST = `slipway.${LOCATION}.data.azurecr.io`;
export const REDIS_HOST = `slipway-redis.${LOCATION}.redis.azure.net`;
export const LOGIN_HOST = "login.microsoftonline.com";
export const VAULTS = "vault.azure.net";
