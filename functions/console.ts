import { hostedConsole } from '../console/hosted-console.ts';
import { pageHandler } from '../lib/lambda/page-handler.ts';
import { consoleServices } from '../lib/services/console.ts';

export const handler = pageHandler(({ report, reportVisit, onError }) =>
  hostedConsole(consoleServices(report), { report: reportVisit, onError }),
);
