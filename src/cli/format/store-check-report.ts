import { printable } from '../../diagnostic/printable.ts';
import type { StoreCheck } from '../../engine/index.ts';

/** What `kiln store check` prints: a line or two for each finding, and what was looked at. */
export function storeCheckReport({ findings, blobs, layers, images }: StoreCheck): string {
  const lines = findings.map(({ kind, subject, message, repaired }) => {
    const done = repaired === undefined ? '' : `  repaired: ${repaired}\n`;
    return `${kind}: ${printable(subject)}: ${printable(message)}\n${done}`;
  });
  const looked = [count(blobs, 'blob'), count(layers, 'layer'), count(images, 'image')].join(', ');
  const repaired = findings.filter((finding) => finding.repaired !== undefined).length;
  const result =
    findings.length === 0
      ? 'nothing is damaged'
      : `${count(findings.length, 'finding')}${repaired > 0 ? `, ${repaired} repaired` : ''}`;
  return `${lines.join('')}checked ${looked}: ${result}\n`;
}

/** What `kiln store check --format json` prints: see docs/storage.md. */
export function storeCheckJson({ findings, ...checked }: StoreCheck): string {
  const list = findings.map(({ kind, subject, message, repaired }) => ({
    ...{ kind, subject, message },
    repaired: repaired ?? null,
  }));
  return `${JSON.stringify({ findings: list, checked }, undefined, 2)}\n`;
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`;
}
