import { useMutation } from '@tanstack/react-query';
import { FlaskConical, Lock, Save, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import { storage, storageQuery } from '../../api/storage';
import type { CheckItem, S3Settings, SavedS3, Storage } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import { Note, Panel } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import { CheckList } from './CheckList';
import { S3Fields } from './S3Fields';
import s from './S3Panel.module.css';

/** Reads the form and trims pasted values. */
function settingsOf(form: HTMLFormElement, pathStyle: S3Settings['pathStyle']): S3Settings {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  return {
    endpoint: text('endpoint'),
    region: text('region'),
    bucket: text('bucket'),
    prefix: text('prefix'),
    pathStyle,
    accessKey: text('accessKey'),
    secretKey: text('secretKey'),
  };
}

/** The check results in a problem response. */
function refusedItems(error: unknown): CheckItem[] | undefined {
  const { code, more } = asProblem(error);
  return code === 'storage_check_failed' && Array.isArray(more.items) ? more.items : undefined;
}

/** S3 settings: a connection test, and saving, which runs the test first. */
export function S3Panel({ s3, home }: { s3?: SavedS3; home: Storage['home'] }) {
  const words = useAdminWords();
  const { t } = words;
  const form = useRef<HTMLFormElement>(null);
  const fixed = s3?.from === 'config';
  const [pathStyle, setPathStyle] = useState<S3Settings['pathStyle']>(s3?.pathStyle ?? 'auto');
  const [saved, setSaved] = useState(0);
  const settings = () => (form.current && !fixed ? settingsOf(form.current, pathStyle) : undefined);

  const check = useMutation({ mutationFn: () => storage.check(settings()) });
  const save = useMutation({
    mutationFn: storage.save,
    onMutate: () => check.reset(),
    onSuccess: (found) => {
      queryClient.setQueryData(storageQuery.queryKey, found);
      setSaved((count) => count + 1);
    },
  });
  const forget = useMutation({
    mutationFn: storage.forget,
    onSettled: () => queryClient.invalidateQueries({ queryKey: storageQuery.queryKey }),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wish = settings();
    if (wish) save.mutate(wish);
  };
  const test = () => {
    if (!form.current?.reportValidity()) return;
    save.reset();
    check.mutate();
  };

  const error = save.error ?? check.error ?? forget.error;
  const items = check.data?.items ?? (save.error ? refusedItems(save.error) : undefined);
  return (
    <Panel title={t('s3')}>
      <Note>{t('s3Text')}</Note>
      {fixed && (
        <p className={s.fixed}>
          <Lock aria-hidden="true" />
          {t('s3Fixed')}
        </p>
      )}
      <form ref={form} onSubmit={submit} className={s.form} data-nav="col" aria-label={t('s3')}>
        <S3Fields
          // Remounts the form after saving, which drops the secret from the page.
          key={saved}
          s3={s3}
          fixed={fixed}
          pathStyle={pathStyle}
          onPathStyle={setPathStyle}
          refused={error ? (name) => asProblem(error).field(name) ?? asProblem(error).field(`s3.${name}`) : undefined}
        />
        {save.isSuccess && (
          <p className={s.saved} role="status">
            {t('s3Saved')}
          </p>
        )}
        {error ? (
          <div className={s.notice}>
            <Notice>{failureWords(words, error)}</Notice>
          </div>
        ) : null}
        {items && <CheckList items={items} />}
        <Actions>
          {s3?.from === 'saved' && home === 'disk' && (
            <Button tone="bare" icon={<Trash2 />} busy={forget.isPending} onClick={() => forget.mutate()}>
              {t('s3Forget')}
            </Button>
          )}
          <Button icon={<FlaskConical />} busy={check.isPending} onClick={test}>
            {t('s3Test')}
          </Button>
          {!fixed && (
            <Button type="submit" tone="primary" icon={<Save />} busy={save.isPending}>
              {t('save')}
            </Button>
          )}
        </Actions>
      </form>
    </Panel>
  );
}
