import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { Conversation } from './conversation.js';

/** Header fields that are about the connection, and go with the wish to change it (RFC 9110 §7.6.1, §7.8; RFC 7540 §3.2). */
const aboutUpgrade: ReadonlySet<string> = new Set(['upgrade', 'http2-settings', 'connection']);

/**
 * Answers a request with a wish to upgrade as if it had none (RFC 9110 §7.8). Node's parser stops behind such a head, and what it
 * has read already is lost: the connection is given to a new parser instead, with the head as it would have been without the
 * wish, and every octet behind it.
 *
 * What follows a wish for HTTP/2 is HTTP/1.1 until it is granted (RFC 7540 §3.2), so the connection is kept: clients that ask
 * with each request need not connect for each. Behind any other wish there may be octets of the other protocol already, which
 * must not be read as requests: there the answer is the last one.
 */
export function ignoreUpgrades(server: Server): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, behind: Buffer) => {
    const conversation = Conversation.on(socket);
    // Its last answer ends the connection.
    if (conversation.isOver) return;
    const proceed = (): void => {
      socket.off('error', ignore);
      if (socket.destroyed) return;
      server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
    };
    const ignore = (): void => undefined;
    // Node has taken its own listener away.
    socket.on('error', ignore);
    // At once: a connection that its client has ended meanwhile takes nothing back.
    socket.unshift(Buffer.concat([plainHead(request), behind]));
    const { latest } = conversation;
    if (!latest || latest.writableFinished || latest.destroyed) proceed();
    else latest.once('close', proceed);
  });
}

function plainHead({ method, url, httpVersion, rawHeaders, headers }: IncomingMessage): Buffer {
  const lines = [`${method ?? ''} ${url ?? ''} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!aboutUpgrade.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  const options = membersOf(headers.connection).filter((option) => !aboutUpgrade.has(option));
  const mustEnd = membersOf(headers.upgrade).some((protocol) => protocol !== 'h2c');
  const kept = mustEnd ? [...options, 'close'] : options;
  if (kept.length > 0) lines.push(`connection: ${kept.join(', ')}`);
  // As it came: the parser reads header fields octet by octet.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function membersOf(list = ''): readonly string[] {
  return list.split(',').map((member) => member.trim().toLowerCase());
}
