/**
 * Returns one line for each rule that a trainer's `requirements.txt` breaks: each package must have its exact version and a hash, so that
 * the same lock gives the same image. The lines start with the number of the line.
 */
export function lockProblems(text: string): string[] {
  const requirements = logicalLines(text);
  if (requirements.length === 0) return [`must name a package; ${WRITE_IT}`];
  return requirements.flatMap(({ line, content }) => {
    const at = `line ${line}: `;
    const shown = content.split(/\s+/, 1)[0] ?? "";
    if (content.startsWith("-"))
      return [
        `${at}must be a package, got the option ${shown}; settings of pip belong in pip.conf of the machine that builds`,
      ];
    if (!EXACT.test(content))
      return [
        `${at}must be a package with an exact version, name==1.2.3, got ${withoutHashes(content)}; ${WRITE_IT}`,
      ];
    if (!HASH.test(content)) return [`${at}must have a hash, got ${withoutHashes(content)}; ${WRITE_IT}`];
    return [];
  });
}

const WRITE_IT =
  "write it with: uv pip compile --generate-hashes --python-version 3.11 --python-platform x86_64-manylinux_2_28 -o requirements.txt requirements.in";
const EXACT =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?\s*===?\s*[A-Za-z0-9][A-Za-z0-9.!+_-]*(\s|;|$)/;
const HASH = /\s--hash=sha256:[0-9a-f]{64}(\s|$)/;

/** Joins lines that end with a backslash, and leaves out comments. */
function logicalLines(text: string): { line: number; content: string }[] {
  const found: { line: number; content: string }[] = [];
  let open: { line: number; content: string } | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const withoutComment = raw.replace(/(^|\s)#.*$/, "").trimEnd();
    const continues = withoutComment.endsWith("\\");
    const part = continues ? withoutComment.slice(0, -1) : withoutComment;
    open ??= { line: index + 1, content: "" };
    open.content += ` ${part.trim()}`;
    if (continues) return;
    found.push({ ...open, content: open.content.trim() });
    open = undefined;
  });
  if (open !== undefined) found.push(open);
  return found.filter(({ content }) => content !== "");
}

const withoutHashes = (content: string): string => content.replace(/\s*--hash=\S*/g, "").trim();
