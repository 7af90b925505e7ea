/** Name of the foundation's stack in the programs of these tests. */
export const FOUNDATION_STACK = "foundation";
