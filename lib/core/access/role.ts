/**
 * What people may do in a console with sign-in. A viewer reads; an editor also decides on entries; an operator also
 * pauses and resumes posting, deletes stored data, and sees rows as they are stored.
 */
export const roles = ['viewer', 'editor', 'operator'] as const;
export type Role = (typeof roles)[number];

/** Whether a role includes what another may do. */
export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
