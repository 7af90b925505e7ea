/** Name of the key in the vault of the foundation that encrypts storage accounts. */
export const DATA_KEY = "data";

/** Name of the certificate of all gateways in the vault of certificates of the foundation. */
export const GATEWAY_CERTIFICATE = "gateway";
