/** Describes the endpoints that show issuers and fetch their keys now. */
import { keyFetchCategories } from '../keys/source/key-fetch-failure.js';
import { retryAfter } from '../shared/openapi/headers.js';
import type { Operations, Parameter } from '../shared/openapi/operation.js';
import { list, object, text, word } from '../shared/openapi/schema.js';
import { fleetReach, issuerDetail, issuerState } from './issuer-schemas.openapi.js';
import { pageLimit } from './paged.openapi.js';
import { adminAnswers, fieldAnswers, issuerAbsent, problemAnswer } from './problem.openapi.js';

/** Of every path with an issuer in it. */
export const issuerPath: Readonly<Record<string, Parameter>> = {
  id: {
    description: 'Id of the issuer in the configuration.',
    schema: { type: 'string', minLength: 1 },
    example: 'corp',
  },
};

const example = {
  id: 'corp',
  issuer: 'https://login.corp.example',
  criticality: 'normal',
  limits: { refreshSeconds: 300, hardTtlSeconds: 14400 },
  state: 'FRESH',
  ageSeconds: 12.3,
  digest: '460XVCDtSBX',
  fence: 7,
  nextRefresh: '2026-11-30T12:04:47.000Z',
  waiting: 0,
  keys: [],
  deniedKeys: [],
  replicas: [{ replica: 'assay-0', seen: '2026-11-30T12:00:00.000Z', state: 'FRESH', digest: '460XVCDtSBX' }],
};
const fleetExample = { replica: 'assay-0', replicas: ['assay-0'], isComplete: true };

/** The states of issuers, and a refresh of one now. */
export const issuerOperations: Operations = {
  'GET /admin/v1/issuers': {
    id: 'listIssuers',
    tag: 'Issuers',
    summary: 'The state of every issuer',
    access: ['adminToken'],
    query: {
      after: { description: 'The `next` of the page before.', schema: { type: 'string' }, example: 'corp' },
      ...pageLimit,
      search: {
        description: 'Part of the id or of the identifier.',
        schema: { type: 'string', maxLength: 200 },
        example: 'corp',
      },
      state: {
        description: '`troubled`: only those that are not well at some replica.',
        schema: { type: 'string', enum: ['troubled'] },
      },
    },
    answers: {
      200: {
        description: 'In the order of their ids.',
        content: {
          'application/json': {
            schema: object(
              { issuers: list(issuerState, 'One page.'), fleet: fleetReach },
              { next: text('For `after` of the next page; absent: this is the last.') },
            ),
            example: { issuers: [example], fleet: fleetExample },
          },
        },
      },
      ...adminAnswers,
      ...fieldAnswers,
    },
  },
  'GET /admin/v1/issuers/:id': {
    id: 'readIssuer',
    tag: 'Issuers',
    summary: 'The state of one issuer',
    access: ['adminToken'],
    path: issuerPath,
    answers: {
      200: {
        description: 'Its state, and its registration as it is in force.',
        content: {
          'application/json': {
            schema: issuerDetail,
            example: { ...example, fleet: fleetExample },
          },
        },
      },
      ...adminAnswers,
      ...issuerAbsent,
    },
  },
  'POST /admin/v1/issuers/:id/refresh': {
    id: 'refreshIssuer',
    tag: 'Issuers',
    summary: 'Fetch the keys of an issuer now',
    description: 'Within its spacing and its backoff. Takes an operator.',
    access: ['adminToken'],
    path: issuerPath,
    answers: {
      200: {
        description: 'It was asked; `failed` says that it did not answer well.',
        content: {
          'application/json': {
            schema: object(
              { issuer: text('Id of the issuer.'), outcome: word(['looked', 'failed'], 'What came of it.') },
              { category: word(keyFetchCategories, 'What went wrong.') },
            ),
            example: { issuer: 'corp', outcome: 'looked' },
          },
        },
      },
      ...adminAnswers,
      ...issuerAbsent,
      409: problemAnswer({
        description: 'There is nothing to fetch.',
        status: 409,
        title: 'Conflict',
        code: 'keys_not_fetched',
        detail: 'the configuration itself carries these keys',
      }),
      429: problemAnswer({
        description: 'Not now (`look_refused`), or too many wrong tokens (`too_many_attempts`).',
        status: 429,
        title: 'Too Many Requests',
        code: 'look_refused',
        detail: 'the budget of fetches is spent',
        headers: { 'Retry-After': retryAfter },
      }),
    },
  },
};
