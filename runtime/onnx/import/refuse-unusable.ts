import { BadInput } from "../../errors.ts";
import { externalFiles, type OnnxFile } from "./onnx-file.ts";

/** Domains whose operators onnxruntime has. */
const DOMAINS: readonly string[] = ["", "ai.onnx.ml", "com.microsoft", "ai.onnx.preview.training"];

/** Throws BadInput for a file whose weights lie elsewhere, or with operators that onnxruntime does not have. */
export function refuseUnusable(file: OnnxFile): void {
  const external = externalFiles(file);
  if (external.length > 0)
    throw new BadInput(
      `weights must be in the file itself, got them in ${external.slice(0, 3).join(", ")}; put them in: onnx.save(onnx.load("model.onnx"), "whole.onnx", save_as_external_data=False)`,
    );
  const custom = file.nodes
    .filter(({ domain }) => !DOMAINS.includes(domain) && !file.functionDomains.includes(domain))
    .map(({ domain, opType }) => `${domain}.${opType}`);
  if (custom.length > 0)
    throw new BadInput(
      `operators must be of ONNX or ai.onnx.ml, got ${[...new Set(custom)].slice(0, 5).join(", ")}; export the model without them: a server has no library for custom operators`,
    );
}
