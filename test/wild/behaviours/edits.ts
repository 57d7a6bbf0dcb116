import { type Behaviour, changeOne, edits as kinds, type Scene } from '../behaviour.ts';

type Kind = keyof typeof kinds;

const together: Kind[][] = [
  ['title'],
  ['slug'],
  ['text'],
  ['date'],
  ['title', 'slug'],
  ['text', 'date'],
  ['slug', 'date'],
  ['title', 'text', 'date'],
  ['slug', 'text', 'date'],
];

const editing =
  (facts: Kind[]) =>
  (scene: Scene): void => {
    if (!scene.chance(0.25)) return;
    changeOne(scene, (post) => {
      for (const fact of facts) kinds[fact](post, scene);
    });
  };

/** Editors who change facts of a post, alone and together, with every kind of guid. */
export const edits: Behaviour[] = together.flatMap((facts) =>
  (['opaque', 'link', 'none'] as const).map((guid) => ({
    group: 'edits',
    name: `edit ${facts.join('+')}, guid ${guid}`,
    course: { site: { guid }, act: editing(facts) },
  })),
);
