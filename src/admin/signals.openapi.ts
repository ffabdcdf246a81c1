/** Describes the endpoints about signals of providers, and the one that stops a provider that sends nonsense. */
import { signalOutcomes } from '../signals/signal-states.js';
import { streamStatuses } from '../signals/events/event-decision.js';
import { streamHealths } from '../signals/streams/stream-health.js';
import { named } from '../shared/openapi/component.js';
import type { Operation, Operations } from '../shared/openapi/operation.js';
import { count, flag, instant, list, mapOf, object, quantity, text, word } from '../shared/openapi/schema.js';
import { absent, adminAnswers, storeAnswers } from './problem.openapi.js';

const stream = object(
  { delivery: word(['push', 'poll'], 'How events come.') },
  {
    health: word(streamHealths, '`up` is the only good one.'),
    status: word(streamStatuses, 'What the transmitter says that it does.'),
    heldBy: text('Id of the operator who lets nothing in.'),
    verifyEverySeconds: quantity('`verifyEvery`: how often it is to be asked whether it is alive.'),
    askedEverySeconds: quantity('How often it is asked: less often where its transmitter demands that.'),
    heardAt: instant('When an event was last taken.'),
    polledAt: instant('When it was last polled with success.'),
    verifiedAt: instant('When it last proved that it is alive.'),
    statusAt: instant('When it last said what it does.'),
  },
);

const signal = named(
  'schemas',
  'Signal',
  object(
    {
      id: text('Id in the configuration.'),
      issuer: text('Id of the issuer.'),
      perMinute: count('How much it may end in a minute.'),
      received: object(
        Object.fromEntries(signalOutcomes.map((outcome) => [outcome, count('How many.')])),
        {},
        'By what became of it, since the start of this replica.',
      ),
      refusedBecause: mapOf(count('How many.'), 'By the reason.'),
    },
    {
      endpoints: list({ type: 'string' }, 'Paths that its provider sends to.'),
      stream,
      lastReceivedAt: instant('When something last came.'),
      lastAcceptedAt: instant('When something was last accepted.'),
    },
  ),
);

const received = Object.fromEntries(signalOutcomes.map((outcome) => [outcome, 0]));

function hold(id: string, summary: string, isHeld: boolean): Operation {
  return {
    id,
    tag: 'Providers',
    summary,
    description: 'Takes an operator.',
    access: ['adminToken'],
    path: {
      id: {
        description: 'Id of the signal in the configuration.',
        schema: { type: 'string', minLength: 1 },
        example: 'corp',
      },
    },
    answers: {
      200: {
        description: 'So it is now.',
        content: {
          'application/json': {
            schema: object({ id: text('Of the signal.'), paused: flag('Whether nothing is let in.') }),
            example: { id: 'corp', paused: isHeld },
          },
        },
      },
      ...adminAnswers,
      ...storeAnswers,
      ...absent(
        'No signal with this id sends security events.',
        'signal_unknown',
        'there is no signal with this id that sends security events',
      ),
    },
  };
}

/** What providers have told, and what an operator does about one that has gone mad. */
export const signalAdminOperations: Operations = {
  'GET /admin/v1/signals': {
    id: 'listSignals',
    tag: 'Providers',
    summary: 'What providers have told this replica',
    access: ['adminToken'],
    answers: {
      200: {
        description: 'Every signal. Nothing says whom it was about.',
        content: {
          'application/json': {
            schema: object({ replica: text('Who answers.'), signals: list(signal, 'As they are registered.') }),
            example: {
              replica: 'assay-0',
              signals: [
                {
                  id: 'corp',
                  issuer: 'corp',
                  perMinute: 600,
                  endpoints: ['/signals/corp/logout'],
                  received,
                  refusedBecause: {},
                },
              ],
            },
          },
        },
      },
      ...adminAnswers,
    },
  },
  'POST /admin/v1/signals/:id/pause': hold('pauseSignal', 'Let no event of a provider in', true),
  'POST /admin/v1/signals/:id/resume': hold('resumeSignal', 'Let its events in again', false),
};
