// node-oidc-provider as others run it, with its tokens in memory: the introspection that every authorization server brings along. Argument: port.
import Provider from 'oidc-provider';
import { caller } from '../requests.ts';

const port = Number(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: caller.id,
      client_secret: caller.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['orders:read', 'orders:write'],
  ttl: { ClientCredentials: 3600 },
  cookies: { keys: ['only for this bench'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
  },
});
provider.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
