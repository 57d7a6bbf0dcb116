import { describe, expect, it } from 'vitest';
import { fieldWorld } from './field-world.ts';

const drafted = async (name: string) => {
  const w = fieldWorld(name);
  await w.poll(1);
  return w.sent;
};

describe('a draft', () => {
  it('[17] contains the emoji of emoji images, and no such image as its thumbnail', async () => {
    const posts = await drafted('17-emoji-picture');

    expect(posts.map(({ text }) => text)).toEqual([
      expect.stringContaining('half price 🔥 this week. From S➡L.'),
      expect.stringContaining('We open 😀 at nine.'),
    ]);
    expect(posts.map((post) => post.thumbnail_url ?? null)).toEqual([null, null]);
  });

  it('[20] has its link and picture resolved against a relative xml:base', async () => {
    const [post] = await drafted('20-xml-base');

    expect(post?.text).toBe('Glaze https://clay.example/news/2026/11/glaze');
    expect(post?.thumbnail_url).toBe('https://clay.example/news/2026/11/blue.jpg');
  });

  it('[24] has the visible picture as its thumbnail, and the video', async () => {
    const posts = await drafted('24-pictures');

    const thumbnails = posts.map((post) => post.thumbnail_url ?? null);
    expect(thumbnails).toEqual([
      null,
      'https://clay.example/set-900.jpg',
      'https://clay.example/pic-2.jpg',
      'https://clay.example/bowl.jpg',
      'https://clay.example/late.jpg',
      'https://clay.example/wheel.jpg',
    ]);
    expect(posts.at(-1)?.text).toBe('a poster https://clay.example/wheel.mp4');
  });
});
