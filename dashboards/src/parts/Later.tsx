/** A panel whose code comes when it is first wanted: what few open must not make the start slower for all. */
import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useWords } from './app.tsx';
import { Loading } from './States.tsx';

type State<Props> =
  | { readonly kind: 'loading' | 'failed' }
  | { readonly kind: 'ready'; readonly Panel: FunctionComponent<Props> };

/** The component that `load` brings; until then the reader is told that it is coming, or that it could not come. */
export function later<Props extends object>(
  load: () => Promise<{ readonly default: FunctionComponent<Props> }>,
): (props: Props) => JSX.Element {
  return function Later(props: Props): JSX.Element {
    const { t } = useWords();
    const [state, setState] = useState<State<Props>>({ kind: 'loading' });
    const fetchPanel = (): void => {
      setState({ kind: 'loading' });
      load().then(
        (loaded) => setState({ kind: 'ready', Panel: loaded.default }),
        () => setState({ kind: 'failed' }),
      );
    };
    useEffect(fetchPanel, []);
    if (state.kind === 'loading') return <Loading />;
    if (state.kind === 'ready') return <state.Panel {...props} />;
    return (
      <div class="state failed" role="alert">
        <p>{t('load.failed', { reason: t('load.unreachable') })}</p>
        <button type="button" class="button" onClick={fetchPanel}>
          {t('load.retry')}
        </button>
      </div>
    );
  };
}
