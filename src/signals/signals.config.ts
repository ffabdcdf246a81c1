import { Section } from '../shared/configuration/composite-fields.js';
import { FlagField, IntegerField, TextField } from '../shared/configuration/scalar-fields.js';
import { BackchannelLogoutSection } from './logout/backchannel-logout.config.js';

/** What a path can have between two slashes whatever reads it. */
const safeId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** One source of news about sessions and subjects: who sends it, and how it comes. */
export class SignalSection {
  @TextField('its name: in its URL, in logs and in metrics', {
    required: true,
    pattern: safeId,
    expected: '1 to 64 letters, digits, - and _, a letter or digit first: it is a part of a URL',
    example: 'corp-logout',
  })
  readonly id!: string;

  @TextField('id of the issuer whose keys sign it, and whose tokens it ends: no other one', {
    required: true,
    example: 'corp',
  })
  readonly issuer!: string;

  @Section('OpenID Connect Back-Channel Logout, at `POST /signals/{id}/logout`', () => BackchannelLogoutSection)
  readonly backchannelLogout?: BackchannelLogoutSection;

  @FlagField(
    'also takes what does not say its kind in the header: `typ` is absent or `JWT`. For providers that are older than `logout+jwt`',
    { default: false },
  )
  readonly legacyTyp!: boolean;

  @IntegerField(
    'most signals that end something within a minute, all replicas together; more are not acknowledged, so that a provider gone mad does not log everybody out',
    { default: 600, min: 1, max: 1_000_000 },
  )
  readonly perMinute!: number;
}
