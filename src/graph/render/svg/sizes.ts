/** Of what is drawn; px. */
export const sizes = {
  box: { width: 308, height: 46, corner: 7 },
  /** Between boxes that are side by side. */
  gap: 28,
  /** Between a line and what is beside it. */
  lineGap: 20,
  /** Between rows. */
  rowGap: 38,
  /** Around everything. */
  margin: 24,
  /** Between the ends of lines on a box. */
  portGap: 26,
  /** Characters that fit into a box. */
  characters: 38,
} as const;

/** Distance of the upper edge of the boxes of a row from the top. */
export function topOfRow(row: number): number {
  return sizes.margin + row * (sizes.box.height + sizes.rowGap);
}

/** Number in an attribute: tenths of a px will do. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
