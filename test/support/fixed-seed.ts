import fc from 'fast-check';

// `npm test` uses the same seed in every run, so that results are reproducible; `npm run test:deep` uses others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_128 });
