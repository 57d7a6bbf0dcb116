import type * as v from 'valibot';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import type { Invocation } from '../core/ports.ts';
import { edge } from './edge.ts';
import { parse } from './parse.ts';
import { telemetry } from './telemetry.ts';

/**
 * A function started with a small JSON payload by a schedule, or manually with `aws lambda invoke`. Any error fails
 * the invocation, so that it is noticed; the next tick catches up.
 */
export const scheduleHandler = <S extends v.GenericSchema, Services>(
  schema: S,
  job: (services: Services) => (input: v.InferOutput<S>, invocation: Invocation) => Promise<void>,
  services: (report: Report) => Services,
) => {
  const run = once(() => job(services(telemetry().report)));
  return edge<unknown, void>(async (event, invocation) => run()(parse(schema, event), invocation));
};
