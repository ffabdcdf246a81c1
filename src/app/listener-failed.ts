const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop the program that listens there, or choose another port',
  EACCES: 'the port needs a privilege. Choose a port from 1024 on',
  EADDRNOTAVAIL: 'this machine does not have that address. Choose another host',
};

/** A listener could not be opened. The message says which one, where, and what to do. */
export class ListenerFailed extends Error {
  override readonly name = 'ListenerFailed';

  /**
   * @param listener path of its section, such as `server.http`
   * @param cause what the operating system said
   */
  constructor(listener: string, host: string, port: number, cause: Error & { readonly code?: string }) {
    const remedy = remedies[cause.code ?? ''] ?? cause.message;
    super(`${listener} cannot listen on ${host}:${port}: ${remedy} (${listener} in the configuration).`, { cause });
  }
}
