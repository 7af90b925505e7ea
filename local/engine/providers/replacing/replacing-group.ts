/** Types whose replacing properties come from the same source. */
export interface ReplacingGroup {
  /** Source of the properties. */
  source: string;
  /** Paths that force a replacement, by type; empty if only the paths for all types of the cloud do. */
  properties: Readonly<Record<string, string>>;
}
