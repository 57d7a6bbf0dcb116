import type { Language } from './language.ts';

export const hebrew: Language = {
  footers: [{ begins: ['הפוסט'], goesOn: ['הופיע לראשונה ב', 'הופיע ראשון ב'] }],
  readOn: ['להמשיך לקרוא', 'המשך לקרוא', 'קרא עוד'],
};
