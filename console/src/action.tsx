// Everything that changes something: first what it does and how far it reaches, then why, and only then the click that does it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf, type FleetView } from './api.ts';
import type { RegionsAnswer } from './regions-api.ts';
import { Everywhere } from './everywhere.tsx';
import { count, duration } from './format.ts';

/** What an action is, for the button and for the dialog behind it. */
export interface ActionProps {
  readonly name: string;
  /** Tells the buttons of a table apart for those who do not see it. */
  readonly about: string;
  readonly effect: string;
  readonly fleet: FleetView | undefined;
  readonly regions: RegionsAnswer | undefined;
  /** Whether it can be sent to all regions. */
  readonly mayGoEverywhere?: boolean;
  /** Whether the trail has a place for a reason. */
  readonly isReasoned: boolean;
  /** Further fields of the form. */
  readonly children?: ComponentChildren;
  /** @returns what to say when it is done */
  readonly run: (fields: FormData) => Promise<string>;
  readonly done: () => void;
}

/** A button, and the dialog that it opens. */
export function Action(props: ActionProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="quiet"
        aria-label={`${props.name}: ${props.about}`}
        onClick={() => {
          setOpen(true);
        }}
      >
        {props.name}
      </button>
      {isOpen && (
        <Dialog
          {...props}
          close={() => {
            setOpen(false);
            props.done();
          }}
        />
      )}
    </>
  );
}

function Dialog({
  name,
  about,
  effect,
  fleet,
  regions,
  mayGoEverywhere = false,
  isReasoned,
  children,
  run,
  close,
}: ActionProps & { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [outcome, setOutcome] = useState<{ readonly isGood: boolean; readonly text: string }>();
  const [isRunning, setRunning] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    setRunning(true);
    try {
      setOutcome({ isGood: true, text: await run(fields) });
    } catch (error) {
      setOutcome({ isGood: false, text: messageOf(error) });
    }
    setRunning(false);
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="action-title">
      <h2 id="action-title">
        {name}: <span class="break">{about}</span>
      </h2>
      <p>{effect}</p>
      <Reach fleet={fleet} />
      {outcome?.isGood !== true && (
        <form onSubmit={(event) => void submit(event)} autocomplete="off">
          {children}
          {mayGoEverywhere && <Everywhere regions={regions} />}
          {isReasoned && <Reason />}
          <Buttons name={name} isRunning={isRunning} cancel={() => dialog.current?.close()} />
        </form>
      )}
      {outcome && (
        <p class={`note ${outcome.isGood ? 'good' : 'bad'}`} role="alert">
          {outcome.text}
        </p>
      )}
      {outcome?.isGood && (
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      )}
    </dialog>
  );
}

interface ButtonsProps {
  readonly name: string;
  readonly isRunning: boolean;
  readonly cancel: () => void;
}

function Buttons({ name, isRunning, cancel }: ButtonsProps) {
  return (
    <div class="pages">
      <button type="submit" disabled={isRunning}>
        {name}
      </button>
      <button type="button" class="quiet" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

function Reason() {
  return (
    <>
      <label for="reason">Reason, for the audit trail</label>
      <input id="reason" name="reason" required maxLength={200} placeholder="stolen, INC-4711" />
    </>
  );
}

/** Where it will hold, and where that cannot be promised. */
function Reach({ fleet }: { readonly fleet: FleetView | undefined }) {
  if (!fleet) return null;
  const { replicas, lost = [], unknown = [], isComplete, detail } = fleet;
  const doubtful = [...lost, ...unknown];
  return (
    <div class={`note ${isComplete ? 'good' : 'bad'}`}>
      <p>
        <strong>Reach in this region:</strong>{' '}
        {isComplete ? `${count(replicas.length, 'replica')}, all live: within 7 seconds.` : `${detail ?? 'not known'}.`}
      </p>
      {doubtful.length > 0 && (
        <ul>
          {doubtful.map(({ replica, lastSeenAgoSeconds }) => (
            <li key={replica}>
              {replica}, seen {duration(lastSeenAgoSeconds)} ago
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
