// Exchanges an admin token, or a token of a registered issuer, for a session. The token is in the field until it is sent, and nowhere afterwards.
import { useRef, useState } from 'preact/hooks';
import { ask, messageOf, type Who } from './api.ts';

export function SignIn({ signedIn, why }: { readonly signedIn: (who: Who) => void; readonly why: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (field.current) field.current.value = '';
    try {
      signedIn(await ask<Who>('session', { method: 'POST', token }));
    } catch (error) {
      setProblem(messageOf(error));
      field.current?.focus();
    }
  };
  return (
    <main class="sign-in">
      <h1>Assay console</h1>
      <p>{why}</p>
      <form onSubmit={(event) => void submit(event)} autocomplete="off">
        <label for="token">Admin token</label>
        <input
          id="token"
          ref={field}
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          aria-describedby="token-help"
        />
        <p id="token-help" class="muted-text">
          One of <code>admin.tokens</code> in the configuration, or a token of an issuer that they name. The session
          ends when this replica stops, after 30 minutes without the page, after 8 hours, and with the token.
        </p>
        {problem !== '' && (
          <p class="note bad" role="alert">
            Not signed in: {problem}
          </p>
        )}
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
