import { describe, expect, it } from 'vitest';
import { buildkitExcerpt } from './excerpt.ts';
import { Source } from './source.ts';

const source = new Source('Dockerfile', 'one\ntwo\nthree\nfour\nfive\nsix\n');

describe('buildkitExcerpt', () => {
  it('marks a line in the middle of its neighbours', () => {
    expect(buildkitExcerpt(source, 'Dockerfile', [3, 3])).toBe(
      [
        'Dockerfile:3',
        '--------------------',
        '   1 |     one',
        '   2 |     two',
        '   3 | >>> three',
        '   4 |     four',
        '   5 |     five',
        '--------------------',
        '',
      ].join('\n'),
    );
  });

  it('marks a range, with less around it', () => {
    expect(buildkitExcerpt(source, 'f', [2, 4])).toBe(
      [
        'f:2',
        '--------------------',
        '   1 |     one',
        '   2 | >>> two',
        '   3 | >>> three',
        '   4 | >>> four',
        '   5 |     five',
        '--------------------',
        '',
      ].join('\n'),
    );
  });

  it('marks lines that are not contiguous', () => {
    const text = buildkitExcerpt(source, 'f', [1, 3, 5]);
    expect(text.match(/\d \| >>>/g)).toEqual(['1 | >>>', '3 | >>>', '5 | >>>']);
  });

  it('shows nothing without a line, or for one that is not there', () => {
    expect(buildkitExcerpt(source, 'f', [])).toBe('');
    expect(buildkitExcerpt(source, 'f', [0, 0])).toBe('');
    expect(buildkitExcerpt(source, 'f', [99, 99])).toBe('');
  });
});
