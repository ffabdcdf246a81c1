// Asks a running Dovecot whose token it is, as its own IMAP and SMTP servers do.
import { connect } from 'node:net';

/** @returns what Dovecot answers in its protocol for them: `OK` and who it is, or `FAIL` and why */
export function askDovecot(path: string, token: string): Promise<string> {
  const response = Buffer.from(`n,a=alice,\x01auth=Bearer ${token}\x01\x01`).toString('base64');
  return new Promise((resolve, reject) => {
    let said = '';
    let challenge = '';
    const socket = connect(path);
    socket.once('error', reject);
    socket.write(`VERSION\t1\t2\nCPID\t${process.pid}\n`);
    socket.on('data', (chunk) => {
      said += chunk.toString();
      for (let end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n')) {
        const [word = '', , ...rest] = said.slice(0, end).split('\t');
        said = said.slice(end + 1);
        if (word === 'DONE') socket.write(`AUTH\t1\tOAUTHBEARER\tservice=imap\tsecured\tresp=${response}\n`);
        if (word === 'CONT') {
          challenge = (JSON.parse(Buffer.from(rest[0] ?? '', 'base64').toString()) as { status: string }).status;
          socket.write('CONT\t1\tAQ==\n');
        }
        if (word !== 'OK' && word !== 'FAIL') continue;
        socket.end();
        const field = (name: string) => rest.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
        resolve(word === 'OK' ? `OK as ${field('user')}` : `FAIL with ${field('code') ?? challenge}`);
      }
    });
  });
}
