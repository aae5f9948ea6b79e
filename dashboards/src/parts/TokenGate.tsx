/** Lets through who may see a screen; tells the others what is needed. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Action } from '../../../hub/access/policy.ts';
import { mayDo } from '../live/store.ts';
import { useApp, useWords } from './app.tsx';
import { Loading } from './States.tsx';
import { keepToken } from './settings.ts';

export function TokenGate({
  action,
  roles,
  children,
}: {
  readonly action: Action;
  /** Roles that may, for the person who may not. */
  readonly roles: readonly string[];
  readonly children: ComponentChildren;
}): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const session = store.session.value;
  if (mayDo(session, action)) return <>{children}</>;
  if (session.kind === 'asking') return <Loading />;
  return (
    <div class="gate">
      <h1>{t('token.title')}</h1>
      {session.kind === 'known' ? (
        <p role="alert">{t('token.forbidden', { roles: roles.join(', ') })}</p>
      ) : (
        <p>{t('token.text')}</p>
      )}
      {session.kind === 'refused' && <p role="alert">{t('token.refused')}</p>}
      <TokenForm />
    </div>
  );
}

function TokenForm(): JSX.Element {
  const { t } = useWords();
  const [token, setToken] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (token.trim() === '') return;
    keepToken(token);
    // A new start with the token: every channel begins anew as this user.
    location.reload();
  };
  return (
    <form class="token-form" onSubmit={submit}>
      <label>
        {t('token.field')}
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary">
        {t('token.submit')}
      </button>
    </form>
  );
}
