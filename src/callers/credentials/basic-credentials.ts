/** A client id and the secret that is said to be its. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the credentials of a Basic header (RFC 7617 §2).
 *
 * RFC 6749 §2.3.1 has clients form-encode id and secret first, and many do not (Spring, `curl -u`). So there are up to
 * two readings: the decoded one, and the raw one where decoding changed or failed to read it (R6749-03). Whoever asks
 * must try every reading, in constant time.
 * @returns the readings; none when the header is malformed
 */
export function readBasicCredentials(credentials: string): readonly ClientCredentials[] {
  const text = decodeBase64(credentials);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0) return [];
  const raw = { clientId: text.slice(0, colon), secret: text.slice(colon + 1) };
  const decoded = formDecodeBoth(raw);
  const readings = decoded && !areEqual(decoded, raw) ? [decoded, raw] : [raw];
  return readings.filter(isPrintable);
}

/** RFC 7617 §2: no control characters in an id or a secret, however they were encoded. */
export function isPrintable({ clientId, secret }: ClientCredentials): boolean {
  return !hasControlCharacter(clientId) && !hasControlCharacter(secret);
}

/** Whether `text` has an octet that RFC 7617 calls CTL (or one of the C1 set). */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function decodeBase64(credentials: string): string | undefined {
  if (!base64.test(credentials)) return undefined;
  try {
    return utf8.decode(Buffer.from(credentials, 'base64'));
  } catch {
    return undefined;
  }
}

function formDecodeBoth(raw: ClientCredentials): ClientCredentials | undefined {
  const clientId = formDecode(raw.clientId);
  const secret = formDecode(raw.secret);
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
}

/** `application/x-www-form-urlencoded` of one value; undefined for a malformed percent-encoding. */
function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function areEqual(a: ClientCredentials, b: ClientCredentials): boolean {
  return a.clientId === b.clientId && a.secret === b.secret;
}
