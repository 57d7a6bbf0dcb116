import type { Language } from './language.ts';

export const swedish: Language = {
  footers: [{ begins: ['Inlägget'], goesOn: ['dök först upp på', 'publicerades/visades först på'] }],
  readOn: ['Fortsätt läsa', 'Läs mer'],
};
