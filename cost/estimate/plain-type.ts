/**
 * A type without the version of its API. azure-native has each type once without a version, and once for each version:
 * `azure-native:storage/v20240101:StorageAccount`, `azure-native:storage/v20230101preview:StorageAccount`.
 */
export function plainType(type: string): string {
  return type.replace(/^(azure-native:\w+)\/v\d{8}\w*:/, "$1:");
}
