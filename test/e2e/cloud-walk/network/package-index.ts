import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { sourceDistribution } from "../../../../local/tools/python-package.ts";
import { lineProgress } from "../../../../local/progress.ts";
import { flightDelays } from "../../../runtime/support/flight-delays.ts";
import type { Site } from "./front.ts";

export const PACKAGE_INDEX_HOST = "pypi.org";

/** The public package index, with the one file that the example workload reads. */
export async function packageIndex(): Promise<Site> {
  const { source } = flightDelays;
  const { package: name, version, file, sha256 } = source;
  const path = await sourceDistribution(lineProgress(), { name, version, sha256 });
  return async (request, response) => {
    if (request.url === `/simple/${name}/`) {
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<!DOCTYPE html><a href="/files/${file}#sha256=${sha256}">${file}</a>`);
      return;
    }
    if (request.url !== `/files/${file}`) return void response.writeHead(404).end();
    response.writeHead(200, { "content-length": (await stat(path)).size });
    await pipeline(createReadStream(path), response);
  };
}
