import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StepCounter, startCounting } from '../../../support/count-steps.ts';
import { hostileDocument, hostileNames } from '../../../support/hostile-documents.ts';
import { workOnDocument } from '../../../support/work-on-document.ts';

const SIZE = 20_000;

let steps: StepCounter;
beforeAll(async () => {
  steps = await startCounting();
});
afterAll(() => steps.stop());

const stepsFor = (name: string, size: number): Promise<number> => {
  const bytes = hostileDocument(name, size);
  return steps.count(() =>
    workOnDocument({ bytes, contentType: null, url: 'https://publisher.example/' }).catch(() => {}),
  );
};

describe('twice the document takes about twice the steps', () => {
  test.each(hostileNames)('%s', async (name) => {
    const [once, twice] = [await stepsFor(name, SIZE), await stepsFor(name, 2 * SIZE)];

    expect(twice).toBeLessThanOrEqual(2.5 * Math.max(once, 5_000));
  });
});
