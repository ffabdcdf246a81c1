// The frame around the views: who is signed in, the sentence on top, and the way to each view.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { admin, ask, Refused, type Overview, type Who } from './api.ts';
import type { RegionsAnswer } from './regions-api.ts';
import { Banner, Troubles } from './banner.tsx';
import { Callers } from './callers.tsx';
import { Denials } from './denials.tsx';
import { DocumentLinks } from './documents.tsx';
import { Events } from './events.tsx';
import { Explain } from './explain.tsx';
import { Hygiene } from './hygiene.tsx';
import { IssuerPage } from './issuer.tsx';
import { Issuers } from './issuers.tsx';
import { Regions } from './regions.tsx';
import { Replicas } from './replicas.tsx';
import { SignIn } from './sign-in.tsx';
import { type Answered, session, useAnswer } from './use-answer.ts';

const views = {
  issuers: 'Issuers',
  denials: 'Denied keys',
  events: 'Events',
  replicas: 'Replicas',
  regions: 'Regions',
  troubles: 'Findings',
  callers: 'Callers',
  hygiene: 'Hygiene',
  explain: 'Explain',
};

type State = { readonly who: Who } | { readonly why: string } | undefined;

export function App() {
  const [state, setState] = useState<State>();
  const begin = useCallback(async () => {
    try {
      setState({ who: await ask<Who>('session') });
    } catch (error) {
      const isNew = error instanceof Refused && error.code === 'credentials_missing';
      setState({ why: isNew ? 'Sign in to see how this fleet is.' : whyNot(error) });
    }
  }, []);
  useEffect(() => {
    session.onEnd = () => {
      setState({ why: 'The session is over: sign in again.' });
    };
    void begin();
  }, [begin]);
  if (state === undefined) {
    return (
      <main class="sign-in">
        <h1>Assay console</h1>
        <p class="muted-text">Loading …</p>
      </main>
    );
  }
  if ('why' in state) {
    return (
      <SignIn
        why={state.why}
        signedIn={(who) => {
          setState({ who });
        }}
      />
    );
  }
  return (
    <Frame
      who={state.who}
      signOut={() => {
        void ask('session', { method: 'DELETE' }).finally(() => {
          setState({ why: 'You have signed out.' });
        });
      }}
    />
  );
}

function whyNot(error: unknown): string {
  if (!(error instanceof Refused)) return 'This replica does not answer. Is the port still forwarded?';
  return error.code === 'session_over' ? 'The session is over: sign in again.' : `${error.message}.`;
}

function Frame({ who, signOut }: { readonly who: Who; readonly signOut: () => void }) {
  const [view = 'issuers', id] = useHash();
  const overview = useAnswer<Overview>(admin('overview'));
  const regions = useAnswer<RegionsAnswer>(admin('fleet'));
  const isHealthy = (overview.answer?.isHealthy ?? true) && (regions.answer?.isHealthy ?? true);
  useEffect(() => {
    document.title = `${isHealthy ? '' : '! '}${views[view as keyof typeof views]} · Assay console`;
  }, [isHealthy, view]);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header>
        <span class="name">Assay</span>
        <nav aria-label="Views">
          {Object.entries(views).map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <span class="who">
          {who.id} ({who.role})
        </span>
        {who.id !== 'loopback' && (
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <Banner overview={overview} regions={regions.answer} />
      <main id="main" tabIndex={-1}>
        <View view={view} id={id} who={who} overview={overview} regions={regions} />
      </main>
      <footer class="muted-text">
        Assay {who.version}, answered by {who.replica} · <DocumentLinks view={view} /> ·{' '}
        <a href="../openapi.json">API</a>
      </footer>
    </>
  );
}

/** What is shown below the sentence. */
interface ViewProps {
  readonly view: string;
  readonly id: string | undefined;
  readonly who: Who;
  readonly overview: Answered<Overview>;
  readonly regions: Answered<RegionsAnswer>;
}

function View({ view, id, who, overview, regions }: ViewProps) {
  switch (view) {
    case 'replicas':
      return <Replicas overview={overview} />;
    case 'regions':
      return <Regions regions={regions} />;
    case 'troubles':
      return <Troubles overview={overview} />;
    case 'callers':
      return <Callers />;
    case 'hygiene':
      return <Hygiene />;
    case 'events':
      return <Events />;
    case 'denials':
      return <Denials regions={regions.answer} />;
    case 'explain':
      return <Explain who={who} />;
    default:
      return id === undefined ? <Issuers /> : <IssuerPage key={id} id={id} who={who} regions={regions.answer} />;
  }
}

/** The address of a view is behind the `#`: nothing of it is sent to anybody. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function useHash(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', follow);
    // It may have changed since this was drawn, when nobody followed yet.
    follow();
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return partsOf(hash);
}

/** An address that somebody has cut off in the middle of a letter leads to the first view. */
function partsOf(hash: string): readonly string[] {
  try {
    return hash
      .split('/')
      .slice(1)
      .filter((each) => each !== '')
      .map(decodeURIComponent);
  } catch {
    return [];
  }
}
