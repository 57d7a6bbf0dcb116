import fc from 'fast-check';

// `npm test` draws the same examples in every run, so that it is never red by luck; `npm run test:deep` draws others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_128 });
