import type { VertexState } from '../../graph-view.ts';

/** Of a drawn graph and the page around it. */
export interface Colours {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly border: string;
  readonly code: string;
  readonly states: Readonly<Record<VertexState, StateColours>>;
}

export interface StateColours {
  readonly fill: string;
  /** Of the border, and of the word. */
  readonly strong: string;
}

/** For light pages. */
export const light: Colours = {
  ...{ page: '#ffffff', text: '#1f2328', faint: '#59636e', line: '#8c959f', border: '#d1d9e0', code: '#f3f4f6' },
  states: {
    source: { fill: '#f3f4f6', strong: '#6e7781' },
    cached: { fill: '#e3f5e7', strong: '#24803f' },
    run: { fill: '#ffeedb', strong: '#b35900' },
    unknown: { fill: '#faf7ff', strong: '#7f56cc' },
  },
};

/** For dark pages. */
export const dark: Colours = {
  ...{ page: '#14171c', text: '#e6e9ed', faint: '#a3adb8', line: '#6b7682', border: '#343b45', code: '#262b33' },
  states: {
    source: { fill: '#262b33', strong: '#8b96a3' },
    cached: { fill: '#15301f', strong: '#4fb873' },
    run: { fill: '#3b2710', strong: '#e89a45' },
    unknown: { fill: '#221c33', strong: '#ab91e6' },
  },
};

/** Rules that colour things, for both. */
export function inBoth(rules: (colours: Colours) => string): string {
  return `${rules(light)}\n@media (prefers-color-scheme:dark){\n${rules(dark)}\n}`;
}
