// biome-ignore-all lint/style/noDefaultExport: osls loads the default export
/** Prints, after a deploy, the redirect address to register at the identity provider of the console. */
export default class RedirectAddress {
  constructor(serverless) {
    const print = () => {
      const info = serverless.pluginManager.plugins.find((one) => one.gatheredData?.outputs);
      const output = info?.gatheredData.outputs.find(
        ({ OutputKey }) => OutputKey === 'ConsoleRedirectAddress',
      );
      if (output)
        serverless.addServiceOutputSection('console, redirect address to register', [output.OutputValue]);
    };
    this.hooks = { 'aws:info:displayEndpoints': print };
  }
}
