/** Types whose replacing properties are known from the same kind of evidence. */
export interface ReplacingGroup {
  /** Where it is from. */
  source: string;
  /** Paths that force a replacement, by type; empty where nothing does but what holds for all types of the cloud. */
  properties: Readonly<Record<string, string>>;
}
