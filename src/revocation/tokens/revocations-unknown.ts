import { Unavailable } from '../../shared/unavailable.js';

/** When asking again makes sense: the log is read every two seconds. */
const RETRY_AFTER_SECONDS = 2;

/** Why it is not known what was revoked; for operators. */
const sentences = {
  unread: 'what was revoked could not be read, or not for too long',
  silentStream: 'a stream of security events of this issuer is not up, so that what it has ended may not be known',
} as const;

/** It is not known what was revoked, and nobody is to be answered without knowing. */
export class RevocationsUnknown extends Unavailable {
  override readonly name = 'RevocationsUnknown';

  constructor(issuerId: string, why: keyof typeof sentences) {
    super(sentences[why], issuerId, RETRY_AFTER_SECONDS);
  }
}
