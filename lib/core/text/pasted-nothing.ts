/** Whether a value is the word that a flow or a template pastes into a text where it has none. */
export const isPastedNothing = (value: unknown): boolean => value === 'null' || value === 'undefined';
