/** Returns a Python string literal. The escapes of JSON are valid in Python. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Returns a name that is valid in Python, in Feast and as a file name: `origin-weather` → `origin_weather`. */
export const pythonName = (name: string): string =>
  name.replace(/[^A-Za-z0-9]/g, "_").replace(/^(?=\d)/, "_");

/** Returns the first line of every generated file. */
export const generatedFrom = (workload: string): string =>
  `# Generated from workloads/${workload} by npm run feast: change the workload and generate it again.\n`;
