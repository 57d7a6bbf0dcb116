// biome-ignore-all lint/style/noDefaultExport: as in the module
type Serverless = {
  pluginManager: { plugins: { gatheredData?: { outputs: { OutputKey: string; OutputValue: string }[] } }[] };
  addServiceOutputSection: (name: string, content: string[]) => void;
};

export default class RedirectAddress {
  constructor(serverless: Serverless);
  hooks: Record<string, () => void>;
}
