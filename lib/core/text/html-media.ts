/** An `<img>`, `<video>` or `<source>`, with its enclosing element. */
export type HtmlMedium = {
  element: 'img' | 'video' | 'source';
  inside: 'picture' | 'video' | 'audio' | null;
  attributes: ReadonlyMap<string, string>;
};

const ELEMENTS = ['img', 'video', 'source'] as const;
const HOLDERS = ['picture', 'video', 'audio'] as const;
const MAX_MEDIA = 100;

/** The elements whose attributes `collectMedia` needs. */
export const MEDIA: ReadonlySet<string> = new Set(ELEMENTS);

/** Collects the first media of a walk over HTML, in document order. */
export const collectMedia = () => {
  const media: HtmlMedium[] = [];
  let inside: HtmlMedium['inside'] = null;
  return {
    open: (name: string, attributes: ReadonlyMap<string, string>) => {
      const element = ELEMENTS.find((one) => one === name);
      if (element && media.length < MAX_MEDIA) media.push({ element, inside, attributes });
      inside = HOLDERS.find((one) => one === name) ?? inside;
    },
    close: (name: string) => {
      if (name === inside) inside = null;
    },
    read: (): readonly HtmlMedium[] => media,
  };
};
