/** Name of the Pulumi project, which is also the namespace of its config keys. */
export const PROJECT = "slipway";
