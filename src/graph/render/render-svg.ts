import type { GraphView } from '../graph-view.ts';
import { drawGraph, type Drawing } from './svg/draw-graph.ts';
import { px } from './svg/sizes.ts';
import { svgStyle } from './svg/style.ts';

/** A graph as a picture, which follows the reader's preference for light or dark. */
export function renderSvg(view: GraphView): string {
  const drawing = drawGraph(view, () => undefined);
  const style = `<style>\n${svgStyle}\n</style>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', svgTag(drawing), style, ...drawing.elements, '</svg>', ''].join(
    '\n',
  );
}

/** The tag that a drawing begins with. */
export function svgTag({ width, height }: Drawing): string {
  const [w, h] = [px(width), px(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"` +
    ' role="group" aria-label="Steps of the build">'
  );
}
