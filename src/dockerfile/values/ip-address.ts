const ipv4Field = /^(?:0|[1-9][0-9]{0,2})$/;
const ipv6Field = /^[0-9a-fA-F]{1,4}$/;

/**
 * Whether a text is an IPv4 address, or an IPv6 address without a zone.
 *
 * @see https://pkg.go.dev/net#ParseIP
 */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Whether a text is four decimal fields without leading zeros. */
export function isIpv4(text: string): boolean {
  const fields = text.split('.');
  return fields.length === 4 && fields.every((field) => ipv4Field.test(field) && Number(field) <= 255);
}

/** Whether a text is an IPv6 address; the last two of its fields may be an IPv4 address. */
export function isIpv6(text: string): boolean {
  const [before = '', after, ...excess] = text.split('::');
  if (excess.length > 0) return false;
  const head = fieldCount(before, after === undefined);
  if (after === undefined) return head === 8;
  const tail = fieldCount(after, true);
  // A `::` stands for one field of zeros at least.
  return head !== undefined && tail !== undefined && head + tail < 8;
}

/** How many of the eight fields a part without `::` gives; undefined if one of them is bad. */
function fieldCount(text: string, mayEndInIpv4: boolean): number | undefined {
  if (text === '') return 0;
  const fields = text.split(':');
  const last = fields.at(-1) ?? '';
  const hasIpv4 = mayEndInIpv4 && isIpv4(last);
  const isValid = (hasIpv4 ? fields.slice(0, -1) : fields).every((field) => ipv6Field.test(field));
  return isValid ? fields.length + (hasIpv4 ? 1 : 0) : undefined;
}
