// Why a token is accepted or refused. The token goes into the body of one request; the field is empty before the answer comes.
import { useRef, useState } from 'preact/hooks';
import { admin, ask, messageOf, type Who } from './api.ts';
import { clockTime } from './format.ts';
import { Badge } from './parts.tsx';

interface Step {
  readonly step: string;
  readonly outcome: string;
  readonly rules?: readonly Rule[];
}

interface Rule {
  readonly rule: string;
  readonly source: string;
  readonly found: unknown;
  readonly expected: unknown;
  readonly holds: boolean;
  readonly code?: string;
  readonly hint?: string;
}

interface Explanation {
  readonly caller: string;
  readonly at: string;
  readonly verdict: string;
  readonly rejection?: { readonly code: string; readonly step: string };
  readonly steps: readonly Step[];
}

/** The API has an older word for one step, which stays because clients read it. */
const words: Readonly<Record<string, string>> = { look: 'fetch' };

export function Explain({ who }: { readonly who: Who }) {
  const token = useRef<HTMLTextAreaElement>(null);
  const caller = useRef<HTMLInputElement>(null);
  const [explanation, setExplanation] = useState<Explanation>();
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { token: token.current?.value.trim() ?? '', caller: caller.current?.value.trim() ?? '' };
    if (token.current) token.current.value = '';
    try {
      setExplanation(await ask<Explanation>(admin('explain'), { method: 'POST', body }));
      setProblem('');
    } catch (error) {
      setExplanation(undefined);
      setProblem(messageOf(error));
    }
  };
  if (who.role === 'viewer') {
    return (
      <section>
        <h1>Explain a token</h1>
        <p>That takes an operator. You are signed in as {who.id}, a viewer.</p>
      </section>
    );
  }
  return (
    <section>
      <h1>Explain a token</h1>
      <form class="explain" onSubmit={(event) => void submit(event)} autocomplete="off">
        <label for="explained">Token</label>
        <textarea
          id="explained"
          ref={token}
          rows={4}
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby="explained-help"
        />
        <p id="explained-help" class="muted-text">
          It is sent to this replica once, and kept nowhere. The audit trail gets its keyed hash.
        </p>
        <label for="caller">Id of the caller that would ask</label>
        <input id="caller" ref={caller} required spellcheck={false} />
        <button type="submit">Explain</button>
      </form>
      {problem !== '' && (
        <p class="note bad" role="alert">
          {problem}
        </p>
      )}
      {explanation && <Shown explanation={explanation} />}
    </section>
  );
}

function Shown({ explanation: { verdict, rejection, caller, at, steps } }: { readonly explanation: Explanation }) {
  return (
    <div aria-live="polite">
      <h2>
        For {caller} it is <Badge word={verdict} />
      </h2>
      <p>
        {rejection && (
          <>
            Refused by <strong>{rejection.code}</strong> in step {words[rejection.step] ?? rejection.step}.{' '}
          </>
        )}
        Judged at {clockTime(at)}.
      </p>
      <ol class="steps">
        {steps.map((step) => (
          <StepView key={step.step} step={step} />
        ))}
      </ol>
    </div>
  );
}

function StepView({ step: { step, outcome, rules, ...more } }: { readonly step: Step }) {
  const isOpen = outcome === 'refused' || outcome === 'unknown';
  const details = Object.entries(more);
  return (
    <li>
      <details open={isOpen}>
        <summary>
          {words[step] ?? step}{' '}
          <Badge word={outcome.replace('_', ' ')} tone={outcome === 'passed' ? 'good' : isOpen ? 'bad' : 'muted'} />
        </summary>
        {rules && <Rules rules={rules} />}
        {details.length > 0 && <pre tabIndex={0}>{JSON.stringify(Object.fromEntries(details), null, 2)}</pre>}
      </details>
    </li>
  );
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  return (
    <ul class="rules">
      {rules.map((rule) => (
        <li key={rule.rule} class={rule.holds ? '' : 'fails'}>
          <Badge word={rule.holds ? 'holds' : 'fails'} tone={rule.holds ? 'good' : 'bad'} />{' '}
          <strong>{rule.rule}</strong> <span class="muted-text">{rule.source}</span>
          <div>
            found <code class="break">{JSON.stringify(rule.found)}</code>, expected {String(rule.expected)}
          </div>
          {rule.hint !== undefined && <div>{rule.hint}</div>}
        </li>
      ))}
    </ul>
  );
}
