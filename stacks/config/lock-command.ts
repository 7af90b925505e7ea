import type { ImageName } from "../../components/platform/registry/images-lock.ts";

/** Says which commands give images that have no digest yet one. */
export function lockCommand(unlocked: readonly ImageName[], stack: string): string {
  const fixes = [
    ...(unlocked.some((name) => name !== "runtime")
      ? [`npm run lock -- --stack ${stack} asks the public registries`]
      : []),
    ...(unlocked.includes("runtime")
      ? [
          `for runtime take a released one with npm run lock -- --stack ${stack} --runtime IMAGE, or set slipway:images.build`,
        ]
      : []),
  ];
  return fixes.join("; ");
}
