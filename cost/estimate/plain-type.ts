/**
 * Removes the API version from a resource type. azure-native has each type without a version, and once for each version:
 * `azure-native:storage/v20240101:StorageAccount`, `azure-native:storage/v20230101preview:StorageAccount`.
 */
export function plainType(type: string): string {
  return type.replace(/^(azure-native:\w+)\/v\d{8}\w*:/, "$1:");
}
