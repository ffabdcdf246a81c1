import type { WrittenRequest } from './our-endpoints.js';

/** Options that take a value; what is short stands for the long one. */
const withValue: Readonly<Record<string, string>> = {
  '-u': '--user',
  '-d': '--data',
  '-H': '--header',
  '-X': '--request',
  '-o': '--output',
};
const long = ['--user', '--data', '--data-urlencode', '--header', '--request', '--output', '--max-time', '--config'];
const alone = ['-s', '-S', '-f', '--silent', '--show-error', '--fail', '--fail-with-body'];

/** What a call of curl sends, or why it is none that this test understands. */
export interface CurlCall {
  readonly requests: readonly WrittenRequest[];
  readonly problems: readonly string[];
}

/** Reads the words of a call as curl does. */
export function readCurl(words: readonly string[]): CurlCall {
  const given: (readonly [option: string, value: string])[] = [];
  const urls: string[] = [];
  const problems: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    // `-su NAME` is `-s -u NAME`.
    const [, flags = '', last = ''] = /^-(\w*)(\w)$/u.exec(word) ?? [];
    const option = withValue[`-${last}`] ?? (long.includes(word) ? word : undefined);
    const others = option === undefined ? [] : (flags.match(/\w/gu) ?? []).map((flag) => `-${flag}`);
    problems.push(...others.filter((flag) => !alone.includes(flag)).map((flag) => `curl has no ${flag} that we know`));
    if (option !== undefined) given.push([option, words[(at += 1)] ?? '']);
    else if (!word.startsWith('-')) urls.push(word);
    else if (!alone.includes(word)) problems.push(`curl has no ${word} that we know`);
  }
  const isConfigured = given.some(([option]) => option === '--config');
  if (urls.length === 0 && !isConfigured) problems.push('curl without a URL');
  const [good, bad] = [urls.filter((url) => URL.canParse(whole(url))), urls.filter((url) => !URL.canParse(whole(url)))];
  return {
    requests: good.map((url) => requestOf(url, given)),
    problems: [...problems, ...bad.map((url) => `no URL: ${url}`)],
  };
}

/** As curl reads an address without a scheme. */
function whole(url: string): string {
  return /^https?:/u.test(url) ? url : `http://${url}`;
}

function requestOf(url: string, given: readonly (readonly [option: string, value: string])[]): WrittenRequest {
  const valuesOf = (...options: readonly string[]) =>
    given.filter(([option]) => options.includes(option)).map(([, value]) => value);
  const data = valuesOf('--data', '--data-urlencode');
  const [method = data.length > 0 ? 'POST' : 'GET'] = valuesOf('--request');
  const isJson = valuesOf('--header').some((header) => /^content-type: *application\/json/iu.test(header));
  // `@-`, `@file` and `name@file` are read from somewhere: of a form the name is known.
  const written = data.map((each) => each.replace(/^(?<name>\w+)@.*$/u, '$<name>='));
  const body = written.some((each) => each.startsWith('@')) ? undefined : written.join('&');
  return { method, url: new URL(whole(url)), isJson, ...(data.length > 0 && body !== undefined && { body }) };
}
