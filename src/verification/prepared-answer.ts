import type { Issuer } from '../issuers/issuer.js';
import { numberOf } from '../shared/object-number.js';

/** One way to write what a caller is answered about a good token. There is one of each, so that it can be recognised. */
export interface AnswerForm<Subject, Form> {
  readonly write: (subject: Subject) => Form;
  /** What it costs to keep one, in bytes: rather too much than too little. */
  readonly bytesOf: (form: Form) => number;
}

/** For whom an answer was written. */
export interface AnswerFor {
  readonly issuer: Issuer;
  /** Who asked: one object for each configuration. */
  readonly caller: object;
}

/**
 * Keeps the last answer about a remembered token, so that it need not be assembled again when the same caller asks the same way. It is
 * no verdict: whether the token is good, and whether this caller may see it, is decided before, each time. What an answer says
 * follows from the claims, which are frozen, and from the registrations of issuer and caller, which are other objects after any change.
 */
export interface PreparedAnswers {
  /** @param subject what the answer is made of: this token, its issuer and who asks */
  answer<Subject extends AnswerFor, Form>(subject: Subject, form: AnswerForm<Subject, Form>): Form;
}

/** An answer that is kept. Registrations are known by their numbers, so that those of an old configuration are not kept with it. */
export interface PreparedAnswer {
  readonly issuer: number;
  readonly caller: number;
  readonly form: object;
  readonly written: unknown;
  readonly bytes: number;
}

/** Writes an answer, to be kept. */
export function prepare<Subject extends AnswerFor, Form>(
  subject: Subject,
  form: AnswerForm<Subject, Form>,
): PreparedAnswer & { readonly written: Form } {
  const written = form.write(subject);
  const [issuer, caller] = [numberOf(subject.issuer), numberOf(subject.caller)];
  return { issuer, caller, form, written, bytes: form.bytesOf(written) };
}

/** Whether this is the answer for `subject`, written in the form `wanted`. */
export function isFor({ issuer, caller, form }: PreparedAnswer, subject: AnswerFor, wanted: object): boolean {
  return form === wanted && caller === numberOf(subject.caller) && issuer === numberOf(subject.issuer);
}
