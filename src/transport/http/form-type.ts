/** The only type of a body that the public listener reads. */
export const formType = 'application/x-www-form-urlencoded';

/** How the octets of a form are read. `ascii`: by a charset that agrees with UTF-8 on these octets, and on no others. */
export type FormCharset = 'utf-8' | 'ascii';

const charsets: ReadonlyMap<string, FormCharset> = new Map([
  ['utf-8', 'utf-8'],
  ['us-ascii', 'ascii'],
  ['iso-8859-1', 'ascii'],
]);

const charsetParameter = /^charset=(?:"([^"]*)"|([^"]*))$/i;

/**
 * The charset of a form by its content type (RFC 9110 §8.3.1, §5.6.6): UTF-8 where none is named, as the type has none of its own
 * No other parameter may be there.
 * @returns `undefined` for what is no form that we read
 */
export function formCharset(contentType: string): FormCharset | undefined {
  // As nearly every caller spells it.
  if (contentType === formType) return 'utf-8';
  const [type = '', ...rest] = contentType.split(';').map(withoutSpace);
  if (type.toLowerCase() !== formType) return undefined;
  const [parameter, another] = rest.filter((each) => each !== '');
  if (parameter === undefined) return 'utf-8';
  const [, quoted, plain = ''] = charsetParameter.exec(parameter) ?? [];
  return another === undefined ? charsets.get((quoted ?? plain).toLowerCase()) : undefined;
}

/** White space as HTTP knows it (RFC 9110 §5.6.3). */
function withoutSpace(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
