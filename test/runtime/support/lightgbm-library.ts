import { LIGHTGBM } from "../../../local/images/pins.ts";
import { lineProgress } from "../../../local/progress.ts";
import { wheel } from "../../../local/tools/python-package.ts";

/** Path of the pinned lib_lightgbm.so, from the cache or PyPI. */
export async function lightGbmLibrary(): Promise<string> {
  return wheel(lineProgress(), { ...LIGHTGBM, file: "lightgbm/lib/lib_lightgbm.so" });
}
