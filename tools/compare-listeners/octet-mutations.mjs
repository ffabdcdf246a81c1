// Mutations of the octets of a whole message, whatever they mean.

/** Mutations of the octets: from text to text. */
export const octetMutations = {
  'line-ends': (text, random) => {
    const end = random.pick(['\n', '\n', '\r', '\n\r', '\r\r\n', '\r\n\n', ' \r\n', '\r\0\n']);
    const share = random.pick([0.2, 1]);
    const headEnd = text.indexOf('\r\n\r\n') + 4;
    const head = text.slice(0, headEnd).replace(/\r\n/g, (usual) => (random.chance(share) ? end : usual));
    return head + text.slice(headEnd);
  },
  'head-end': (text, random) =>
    text.replace('\r\n\r\n', random.pick(['\n\n', '\r\n\n', '\n\r\n', '\r\n', '\r\n\r\r\n', '\r\r', '\r\n \r\n', ''])),
  before: (text, random) =>
    random.pick(['\r\n', '\n', '\r\n\r\n\r\n', '\r', ' ', '\t', '\0', 'x', '\xef\xbb\xbf', '\r\n\r\n '.repeat(50)]) +
    text,
  behind: (text, random) => {
    const garbage = [
      '\r\n',
      '\n',
      '\r\n\r\n',
      '\0',
      'x',
      'GARBAGE\r\n\r\n',
      'GET / HTTP/1.1\r\n',
      '0\r\n\r\n',
      random.octets(20),
    ];
    return text + random.pick(garbage);
  },
  octet: (text, random) => {
    let result = text;
    for (let left = random.between(1, 3); left > 0; left--) {
      const at = random.below(result.length + 1);
      const removed = random.pick([0, 1, 1, random.between(2, 20)]);
      const added = random.pick(['', random.octets(1), random.octets(1), result.slice(at, at + random.between(1, 40))]);
      result = result.slice(0, at) + added + result.slice(at + removed);
    }
    return result;
  },
};
