import { describe, expect, test } from 'vitest';
import { isOrnament, isOrnamentAddress } from '../../../../lib/adapters/feeds/parse/ornaments.ts';

describe('an ornament address', () => {
  test.each([
    'https://pixel.wp.com/b.gif?host=a.example',
    'https://stats.wordpress.com/b.gif?v=noscript',
    'http://feeds.wordpress.com/1.0/comments/a.wordpress.com/1/',
    'http://feeds.feedburner.com/~r/a/~4/x',
    'http://feeds.feedburner.com/~ff/a?d=yIl2AUoC8zA',
    'http://a.example.feedsportal.com/c/1/f/2/s/3/mf.gif',
    'https://medium.com/_/stat?event=post.clientViewed',
    'https://blogger.googleusercontent.com/tracker/1-2?l=a.example',
    'https://counter.example/content/1/count.gif',
    'https://secure.gravatar.com/avatar/1?s=96',
    'https://i0.wp.com/secure.gravatar.com/avatar/1?s=96',
    'https://yt3.ggpht.com/a/photo.jpg',
    'https://a.example/img/share/facebook.png',
    'https://a.example/img/twitter-icon.png',
    'https://a.example/img/email_32.gif',
    'https://assets.feedblitz.com/i/fblike20.png',
    'https://a.example/spacer.gif',
    'https://a.example/blank.gif?1',
    'https://a.example/wp-content/plugins/lazy/1x1.trans.gif',
    'https://a.example/placeholder-300x200.png',
    'https://a.example/image_placeholder.svg',
    'https://a.example/lazy_placeholder.gif',
    'https://a.example/loading.gif',
    'https://s.w.org/images/core/emoji/15.0.3/72x72/1f525.png',
  ])('%s', (address) => {
    expect(isOrnamentAddress(address)).toBe(true);
  });
});

describe('an address that may be a picture', () => {
  test.each([
    'https://a.example/pixel-10-review.jpg',
    'https://a.example/pixel.jpg',
    'https://a.example/loading-dock.png',
    'https://a.example/blank-canvas.jpg',
    'https://a.example/twitter-logo.png',
    'https://a.example/facebook-hearing.jpg',
    'https://a.example/social/opening.jpg',
    'https://a.example/share/harvest.jpg',
    'https://a.example/1200x630.jpg',
    'https://a.example/2026/11/20.jpg',
    'https://a.example/',
    'relative/picture.jpg',
  ])('%s', (address) => {
    expect(isOrnamentAddress(address)).toBe(false);
  });
});

describe('a picture is classified as an ornament by its attributes', () => {
  test.each<[Record<string, string>, boolean]>([
    [{ width: '1', height: '1' }, true],
    [{ width: '0' }, true],
    [{ height: '20px' }, true],
    [{ style: 'border:0; width: 1px; height: 1px' }, true],
    [{ style: 'height:32px!important' }, true],
    [{ class: 'photo avatar avatar-96' }, true],
    [{ class: 'share-icon' }, true],
    [{ width: '100%', height: 'auto' }, false],
    [{ width: '1200', height: '630' }, false],
    [{ style: 'max-width:40px; width:100%' }, false],
    [{ class: 'wp-image-12 size-large' }, false],
    [{}, false],
  ])('%j: %s', (attributes, ornament) => {
    expect(isOrnament(new Map(Object.entries(attributes)))).toBe(ornament);
  });
});
