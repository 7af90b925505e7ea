import type { Gcs } from "../../contract/sources/gcs.ts";
import type { SourceReader } from "../source-reader.ts";

export const readGcs: SourceReader<Gcs> = () => Promise.reject(new Error("todo"));
