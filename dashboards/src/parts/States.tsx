/** What a panel shows when it has nothing to show: loading, failed, empty. Each says why. */
import type { ComponentChildren, JSX } from 'preact';
import { useWords } from './app.tsx';
import type { Resource } from './resource.ts';

export function Loading(): JSX.Element {
  const { t } = useWords();
  return (
    <p class="state loading" role="status">
      {t('load.loading')}
    </p>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <div class="state empty">{children}</div>;
}

/** The panel's content once it is there. */
export function Loaded<Value>({
  resource,
  children,
}: {
  readonly resource: Resource<Value>;
  children(value: Value): JSX.Element;
}): JSX.Element {
  const { t } = useWords();
  switch (resource.kind) {
    case 'loading':
      return <Loading />;
    case 'ready':
      return children(resource.value);
    case 'failed':
      return (
        <div class="state failed" role="alert">
          <p>{t('load.failed', { reason: resource.reason ?? t('load.unreachable') })}</p>
          <button type="button" class="button" onClick={resource.retry}>
            {t('load.retry')}
          </button>
        </div>
      );
  }
}
