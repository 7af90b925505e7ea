import type { S3 } from "../../contract/sources/s3.ts";
import type { SourceReader } from "../source-reader.ts";

export const readS3: SourceReader<S3> = () => Promise.reject(new Error("todo"));
