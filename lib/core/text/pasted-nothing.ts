/** Whether a value is the word that a flow or a template inserts for a missing value. */
export const isPastedNothing = (value: unknown): boolean => value === 'null' || value === 'undefined';
