/** What only Envoy does: filters that decide by dynamic metadata, certificates beside the request, names of requests. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { ProxiedOrders } from './support/proxied-orders.js';

let orders: ProxiedOrders | undefined;

afterEach(async () => {
  await orders?.leave();
  await orders?.close();
  orders = undefined;
});

/** Lets requests of alice pass, as the metadata of ext_authz says, and no others. */
const rbac = `
                  - name: envoy.filters.http.rbac
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                      rules:
                        action: ALLOW
                        policies:
                          alice:
                            permissions: [{ any: true }]
                            principals:
                              - sourced_metadata:
                                  metadata_matcher:
                                    filter: envoy.filters.http.ext_authz
                                    path: [{ key: subject }]
                                    value: { string_match: { exact: alice } }
`;

describe('Envoy with its recipe', () => {
  it('KIT-01 lets RBAC decide by what the token says', async () => {
    orders = await ProxiedOrders.open('Envoy', 'edge-plain', (text) =>
      text.replace(/\n +- name: envoy\.filters\.http\.router/, (router) => `${rbac.trimEnd()}${router}`),
    );
    const { good } = orders.reception.context;
    const statusOf = async (sub: string) => {
      const token = good.with({ sub, scope: 'orders:read' }).build();
      return (await orders!.ask({ headers: { authorization: `Bearer ${token}` } })).status;
    };
    expect([await statusOf('alice'), await statusOf('bob')]).toEqual([200, 403]);
  });

  it.each([
    ['at the edge it names each request itself', 'use_remote_address: true', [200, 401]],
    ['elsewhere it takes the name that the client gives: a repeated request passes', '', [200, 200]],
  ])('DP-05 %s', async (_name, setting, statuses) => {
    orders = await ProxiedOrders.open('Envoy', 'edge-twice', (text) =>
      text.replace('stat_prefix: ingress', (line) => (setting === '' ? line : `${line}\n                ${setting}`)),
    );
    const headers = { ...orders.proven(), 'x-request-id': randomUUID() };
    const told = [await orders.ask({ headers }), await orders.ask({ headers })];
    expect(told.map(({ status }) => status)).toEqual(statuses);
  });
});
