import type { VertexView } from '../../graph-view.ts';
import { escapeXml } from '../escape-xml.ts';
import { oneLine } from '../one-line.ts';
import { stateWords } from '../state-words.ts';
import { px, sizes, topOfRow } from './sizes.ts';

export interface BoxPlace {
  /** Of the vertex, from 1 on. */
  readonly number: number;
  readonly row: number;
  /** Of the middle; px. */
  readonly x: number;
  readonly isTarget: boolean;
  /** Where a click goes. */
  readonly link: string | undefined;
}

/** Longer names are cut where the whole name is shown; characters. */
const mostOfTitle = 2000;

/** The box of a vertex: where it belongs and what becomes of it, and below that what it does. */
export function drawBox({ name, kind, state }: VertexView, { number, row, x, isTarget, link }: BoxPlace): string {
  const { box, margin, characters } = sizes;
  const [left, top] = [px(x - box.width / 2 + margin), px(topOfRow(row))];
  const { place, step } = partsOf(name, kind);
  const shown = isTarget ? `target · ${state}` : state;
  const head = oneLine(`${number} · ${place}`, characters - shown.length);
  const parts = [
    `<title>${escapeXml(`${oneLine(name, mostOfTitle)}\n${state}: ${stateWords[state]}`)}</title>`,
    `<rect class="box" width="${box.width}" height="${box.height}" rx="${box.corner}"/>`,
    `<text class="place" x="12" y="18">${escapeXml(head)}</text>`,
    `<text class="state" x="${box.width - 12}" y="18">${shown}</text>`,
    `<text class="step" x="12" y="35">${escapeXml(oneLine(step, characters))}</text>`,
  ];
  const look = `vertex ${state}${isTarget ? ' target' : ''}`;
  const group = `<g class="${look}" id="b${number}" transform="translate(${left} ${top})">${parts.join('')}</g>`;
  return link === undefined ? group : `<a href="${escapeXml(link)}">${group}</a>`;
}

/** `[build 2/5] RUN make` in two. */
function partsOf(name: string, kind: string): { readonly place: string; readonly step: string } {
  const [, before = '', place, step = ''] = /^([^[]*)\[([^\]]*)\]\s*(.*)$/s.exec(name) ?? [];
  return place === undefined ? { place: kind, step: name } : { place: `${before}${place}`, step };
}
