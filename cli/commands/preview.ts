import { lineProgress } from "../../local/progress.ts";
import { openPlatform, type PlatformFlags } from "../platform.ts";

/** Shows what `up` of the stack would change. */
export async function preview(flags: PlatformFlags): Promise<void> {
  const platform = await openPlatform(flags, lineProgress());
  await platform.stack.preview();
}
