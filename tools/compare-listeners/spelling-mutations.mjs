// Mutations of how header lines are written (RFC 9112 §5), and of how many there are.
import { basic, utf8 } from './message.mjs';
import { formType } from './requests.mjs';

const controls = ['\0', '\x01', '\t', '\n', '\v', '\f', '\r', '\x1b', ' ', '\x7f', '\x80', '\xff'];

/** How header lines are written. */
export const spellingMutations = {
  'header-name': (message, random) => {
    const header = random.pick(message.headers);
    const { name } = header;
    const at = random.below(name.length + 1);
    const inside = (text) => name.slice(0, at) + text + name.slice(at);
    header.name = random.pick([
      name.toUpperCase(),
      name.toLowerCase(),
      name.replaceAll('-', '_'),
      inside(random.pick(controls)),
      inside(random.pick(['(', ')', ',', '/', ':', ';', '<', '=', '?', '@', '[', '\\', ']', '{', '"', '.', '!', "'"])),
      '',
      `${name} `,
      ` ${name}`,
      utf8(`${name}é`),
    ]);
  },
  'header-colon': (message, random) => {
    const colons = [
      ':',
      ':  ',
      ':\t',
      ' : ',
      '\t: ',
      '',
      ' ',
      '::',
      ': :',
      ':\r\n ',
      ';',
      '=',
      ': \t ',
      ':\0',
      ':\x0b',
    ];
    random.pick(message.headers).colon = random.pick(colons);
  },
  'header-value': (message, random) => {
    const header = random.pick(message.headers);
    const value = message.valueOf(header);
    const at = random.pick([0, value.length, random.below(value.length + 1)]);
    header.value = value.slice(0, at) + random.pick(controls) + value.slice(at);
  },
  fold: (message, random) => {
    const header = random.pick(message.headers);
    const value = message.valueOf(header);
    const at = random.below(value.length + 1);
    header.value = value.slice(0, at) + random.pick(['\r\n ', '\r\n\t', '\n ', '\r\n \r\n ', '\r ']) + value.slice(at);
  },
  line: (message, random) => {
    const odd = [
      '',
      ':',
      ': b',
      'X-A',
      'X A: b',
      '\0',
      ' ',
      '\t',
      ' X-A: b',
      'X-A: b\nX-B: c',
      'X-A: b\rX-B: c',
      '\xff: a',
    ];
    const header = message.add(random.pick(odd), '', random.below(message.headers.length + 1));
    header.colon = '';
  },
  many: (message, random) => {
    const count = random.weighted([
      [4, random.between(97, 103) - message.headers.length],
      [2, random.between(1, 90)],
      [1, random.pick([150, 200, 1_000, 2_000, 5_000])],
    ]);
    const at = random.below(message.headers.length + 1);
    for (let i = 0; i < count; i++) message.add(random.chance(0.1) ? 'x-same' : `x${i}`, 'a', at);
  },
  long: (message, random) => {
    const room = 16_384 - message.toText().length + message.body.length;
    const length = random.weighted([
      [5, room + random.between(-60, 60)],
      [2, random.pick([2_000, 4_000, 8_000])],
      [2, random.pick([16_384, 20_000, 65_536])],
    ]);
    const name = random.pick(['X-Long', 'Cookie', 'x'.repeat(Math.max(1, length)), 'Referer', 'User-Agent']);
    message.add(
      name,
      name.length > 20 ? 'a' : 'a'.repeat(Math.max(0, length)),
      random.below(message.headers.length + 1),
    );
  },
  twice: (message, random) => {
    const odd = [
      'Host',
      'Authorization',
      'Content-Type',
      'Connection',
      'Expect',
      'Upgrade',
      'Accept',
      'Content-Encoding',
    ];
    const known = message.headers.filter(({ name }) => odd.includes(name) || random.chance(0.2));
    const header = known.length > 0 ? random.pick(known) : message.headers[0];
    const value = random.chance(0.5)
      ? message.valueOf(header)
      : random.pick(['', 'x', 'b.example', basic('x', 'y'), formType]);
    const name = random.pick([header.name, header.name.toLowerCase(), header.name.toUpperCase()]);
    message.add(name, value, random.below(message.headers.length + 1));
  },
  missing: (message, random) => {
    message.remove(random.chance(0.5) ? 'Host' : random.pick(message.headers).name);
    // Mutations that follow need one.
    if (message.headers.length === 0) message.add('X-A', 'b');
  },
};
