/** Name of the project, and so the namespace of its keys. */
export const PROJECT = "slipway";
