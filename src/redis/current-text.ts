import { NamedFiles } from '../config/named-files.js';
import type { Rereadable } from './redis-location.js';

/**
 * A text that may change while the program runs. Passwords of rented Redis live for minutes, certificates for days: whoever
 * makes a connection asks for what is in the file then, whatever has become of the rest of the configuration.
 */
export class CurrentText {
  private latest: string;

  constructor(private readonly source: Rereadable) {
    this.latest = typeof source === 'string' ? source : source.text;
  }

  /** What it is now; what it was last, where the file cannot be read or is empty, as it is while somebody writes it. */
  get(): string {
    if (typeof this.source === 'string') return this.latest;
    const { path } = this.source;
    const file = new NamedFiles('/').file(path);
    if (typeof file !== 'string' && file.text.trim() !== '') this.latest = file.text;
    return this.latest;
  }
}

/** The text without the line ends behind it, which editors add to passwords. */
export function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}
