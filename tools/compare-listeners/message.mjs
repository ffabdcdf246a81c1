// One HTTP message that is still open to changes: mutations work on its parts, and only then it becomes octets.

/** One header line. */
class Header {
  /** What stands between name and value. */
  colon = ': ';

  /** @param {string | undefined} value `undefined`: the length of the body, whatever it will be */
  constructor(name, value) {
    this.name = name;
    this.value = value;
  }
}

/** All texts are latin1: one character is one octet. */
export class Message {
  method = 'GET';
  target = '/';
  version = 'HTTP/1.1';
  /** @type {Header[]} */
  headers = [];
  body = '';
  /** The body as it is sent, where that is not the body itself: in chunks, say. */
  encodedBody = undefined;
  /** Replaces method, target and version. */
  requestLine = undefined;

  /** @param {readonly (readonly [string, string | undefined])[]} headers a value of `undefined` is the length of the body */
  constructor({ method, target, headers = [], body = '' }) {
    Object.assign(this, { method, target, body });
    for (const [name, value] of headers) this.add(name, value);
  }

  /** Whether a body follows. */
  get hasBody() {
    return (this.encodedBody ?? this.body) !== '';
  }

  /** @returns {Header | undefined} the first one of this name, in any case */
  find(name) {
    return this.headers.find((header) => header.name.toLowerCase() === name.toLowerCase());
  }

  add(name, value, at = this.headers.length) {
    const header = new Header(name, value);
    this.headers.splice(at, 0, header);
    return header;
  }

  /** Changes the first header of this name, or adds one. */
  set(name, value) {
    const header = this.find(name);
    if (!header) return this.add(name, value);
    header.value = value;
    return header;
  }

  remove(name) {
    this.headers = this.headers.filter((header) => header.name.toLowerCase() !== name.toLowerCase());
  }

  /** The value of a header as it will be sent. */
  valueOf(header) {
    return header.value ?? String(this.body.length);
  }

  /** @returns {string} latin1 */
  toText() {
    const lines = this.headers.map((header) => `${header.name}${header.colon}${this.valueOf(header)}\r\n`);
    const requestLine = this.requestLine ?? `${this.method} ${this.target} ${this.version}`;
    return `${requestLine}\r\n${lines.join('')}\r\n${this.encodedBody ?? this.body}`;
  }
}

/** The octets of a text in UTF-8, as a latin1 text. */
export function utf8(text) {
  return Buffer.from(text).toString('latin1');
}

/** The header value of RFC 7617. */
export function basic(id, secret) {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
