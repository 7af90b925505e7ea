/** Name of the key in the vault of the foundation that encrypts storage accounts. */
export const DATA_KEY = "data";
