export const cutTail = (text: string, _title: string | null): string => text;
