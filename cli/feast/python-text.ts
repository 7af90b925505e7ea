/** A Python string literal: JSON's escapes are Python's too. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A name that Python, file names and Feast all take: `origin-weather` → `origin_weather`. */
export const pythonName = (name: string): string =>
  name.replace(/[^A-Za-z0-9]/g, "_").replace(/^(?=\d)/, "_");

/** The first line of everything that is generated. */
export const generatedFrom = (workload: string): string =>
  `# Generated from workloads/${workload} by npm run feast: change the workload and generate it again.\n`;
