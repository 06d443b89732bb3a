import type { DeadLetterView } from '@florin/contracts';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { MailX, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Card, EmptyState, Notice, PageHeader, Pill } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { useControlQueries } from './control-queries.ts';
import { NoteDialog } from './note-dialog.tsx';

interface LetterRowProps {
  letter: DeadLetterView;
  changeable: boolean;
  onDiscard(): void;
}

function LetterRow({ letter, changeable, onDiscard }: LetterRowProps) {
  const { t } = useTranslation('control');
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, reader, at, place, reason, retryable, removable } = letter;
  const retry = (): void =>
    void act(() => api.call('POST /v1/admin/dead-letters/{id}/retry', { path: { id } }), {
      done: t('letters.retried'),
      failed: t('letters.notRetried'),
      changes: ['admin'],
    });
  return (
    <li className="grid gap-3 px-5 py-4 sm:grid-cols-[1fr_auto] sm:items-center">
      <div className="grid min-w-0 gap-0.5">
        <p className="font-semibold wrap-anywhere">{reason}</p>
        <p className="font-mono text-xs wrap-anywhere text-muted">{place}</p>
        <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
          <Pill>{reader}</Pill> {formatMoment(at, locale)}
        </p>
        {!removable && <p className="text-sm text-muted">{t('letters.evidence')}</p>}
      </div>
      {changeable && (
        <div className="flex items-center gap-2">
          {retryable && (
            <Button
              look="secondary"
              size="small"
              busy={busy}
              icon={<RotateCcw className="size-4" aria-hidden />}
              onClick={retry}
            >
              {t('letters.retry')}
            </Button>
          )}
          {removable && (
            <IconButton label={t('letters.discard')} onClick={onDiscard}>
              <Trash2 className="size-5" aria-hidden />
            </IconButton>
          )}
        </div>
      )}
    </li>
  );
}

/** What nobody could handle: looked at, handled again where that is safe, or removed. */
export function DeadLettersPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const problemText = useProblemText();
  const { api, queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { data: letters, error } = useQuery(useControlQueries().deadLetters());
  const [discarding, setDiscarding] = useState<DeadLetterView>();
  const changeable = may(me, 'give-back');
  return (
    <div className="max-w-4xl">
      <PageHeader title={app('nav.deadLetters')} description={t('letters.about')} />
      {error && (
        <Notice tone="danger" urgent>
          {problemText(error)}
        </Notice>
      )}
      {!error && (
        <Card className="overflow-hidden">
          {letters === undefined && <ListSkeleton />}
          {letters?.length === 0 && (
            <EmptyState
              icon={<MailX className="size-6" aria-hidden />}
              title={t('letters.none')}
              text={t('letters.noneText')}
            />
          )}
          <ul className="divide-y divide-line">
            {letters?.map((letter) => (
              <LetterRow
                key={letter.id}
                letter={letter}
                changeable={changeable}
                onDiscard={() => setDiscarding(letter)}
              />
            ))}
          </ul>
        </Card>
      )}
      {discarding && (
        <NoteDialog
          title={t('letters.ask')}
          description={t('letters.askText')}
          confirm={t('letters.discard')}
          danger
          send={(body) =>
            api.call('POST /v1/admin/dead-letters/{id}/discard', {
              path: { id: discarding.id },
              body,
            })
          }
          done={t('letters.discarded')}
          changes={['admin']}
          onClose={() => setDiscarding(undefined)}
        />
      )}
    </div>
  );
}
