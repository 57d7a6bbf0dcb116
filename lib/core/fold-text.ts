/**
 * A text as it is compared: one form of each character, no letter case (`Straße` is `STRASSE`, a Greek sigma is a
 * sigma wherever it stands, a Turkish İ is an i).
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i');
