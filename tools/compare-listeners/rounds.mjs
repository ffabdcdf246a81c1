// Finds out when a service has done all that it is going to do with what it was sent, without waiting for a time.
import { connect } from 'node:net';

/** Rounds until all is answered, and closed where it is to be closed: a thread checks a signature, and to close takes some turns. */
const ROUNDS_TO_SETTLE = 4;

/**
 * Asks a service the same question again and again. It takes connections in the order in which they were made, and reads
 * its sockets in turn: what was written before the question has been read before the answer, or in the same turn. The
 * question is one that takes the service longest, so that what it began before is done by then, too.
 */
export class Rounds {
  #port;
  #question;
  #socket;
  #answered = () => undefined;
  #fail;
  /** One question serves all who wait for one that is not asked yet. */
  #onOld = new Shared(() => this.#ask());
  #onNew = new Shared(() => this.#connectAndAsk());

  /**
   * @param {number} port
   * @param {string} question the octets of a request; every answer to it has the same length
   */
  constructor(port, question) {
    this.#port = port;
    this.#question = question;
    /** Rejects when the service has gone. */
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => undefined);
    this.#socket = this.#connect(() => this.#answered());
  }

  /** Resolves when connections that are made by now have been taken, and what was written to them has been read. */
  async taken() {
    await Promise.race([this.#onNew.next(), this.failed]);
  }

  /** Resolves when what was written by now has been read. */
  async read() {
    await Promise.race([this.#onOld.next(), this.failed]);
  }

  /** Resolves when what was written by now has been answered, or `unless` is true. */
  async settled(unless) {
    for (let i = 0; i < ROUNDS_TO_SETTLE && !unless(); i++) await this.read();
  }

  close() {
    this.#socket.removeAllListeners('close').destroy();
  }

  #ask() {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(this.#question);
    });
  }

  #connectAndAsk() {
    return new Promise((resolve) => {
      const socket = this.#connect(() => {
        socket.removeAllListeners('close').destroy();
        resolve();
      });
      socket.write(this.#question);
    });
  }

  /** @param {() => void} answered called after each answer */
  #connect(answered) {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const lost = () => this.#fail(new Error('the service has closed a connection on which all was in order'));
    let text = '';
    socket.setEncoding('latin1').on('error', lost).on('close', lost);
    socket.on('data', (piece) => {
      text += piece;
      const length = lengthOf(text);
      if (text.length < length) return;
      text = text.slice(length);
      // Later than what other sockets have received together with this one.
      setImmediate(answered);
    });
    return socket;
  }
}

/** Runs `task` for all who ask while it does not run, and again for those who ask meanwhile. */
class Shared {
  #task;
  #running = false;
  #waiting = [];

  constructor(task) {
    this.#task = task;
  }

  /** Resolves when a run that begins from now on is over. */
  next() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#running) void this.#run();
    });
  }

  async #run() {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const served = this.#waiting;
      this.#waiting = [];
      await this.#task();
      for (const resolve of served) resolve();
    }
    this.#running = false;
  }
}

/** Octets of the first answer in a text; infinite where its head is not complete. */
function lengthOf(text) {
  const headEnd = text.indexOf('\r\n\r\n');
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text) ?? [];
  return headEnd < 0 ? Infinity : headEnd + 4 + Number(length);
}
