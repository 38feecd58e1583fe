import { useMutation, useQuery } from '@tanstack/react-query';
import { ImageUp, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { collections } from '../../api/admin-library';
import { queries } from '../../api/queries';
import type { Collection, CollectionRule } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Pair } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { Note } from '../../ui/Panel';
import { sized } from '../../ui/Picture';
import { failureWords } from '../../ui/words';
import s from './ChannelDialog.module.css';
import { fillModeWords, refreshCollections } from './channels';

type How = 'hand' | 'folder' | 'rule';

const listed = (value: FormDataEntryValue | null, by: RegExp) =>
  String(value ?? '')
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean);

const some = (list: string[]) => (list.length > 0 ? list : undefined);

/**
 * The rule that the form describes, without its empty fields.
 * @internal
 */
export function ruleOf(form: FormData, how: How, kind: '' | 'movie' | 'series'): CollectionRule | undefined {
  const folders = { folders: some(listed(form.get('folders'), /\n/)), roots: some(form.getAll('roots').map(String)) };
  if (how === 'hand') return undefined;
  const age = String(form.get('age') ?? '').trim();
  const rule: CollectionRule =
    how === 'folder'
      ? folders
      : {
          kind: kind || undefined,
          genres: some(listed(form.get('genres'), /,/)),
          tags: some(listed(form.get('tags'), /,/)),
          studios: some(listed(form.get('studios'), /,/)),
          countries: some(listed(form.get('countries'), /,/)),
          names: some(listed(form.get('names'), /,/)),
          years: String(form.get('years') ?? '').trim() || undefined,
          age: age === '' ? undefined : Number(age),
          ...folders,
        };
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
}

/** Creates or edits a channel or collection. */
export function ChannelDialog({ collection, onClose }: { collection?: Collection; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const [kind, setKind] = useState<Collection['kind']>(collection?.kind ?? 'channel');
  const [how, setHow] = useState<How>(collection?.how === 'folder' || collection?.how === 'rule' ? collection.how : 'hand');
  const [only, setOnly] = useState<'' | 'movie' | 'series'>(collection?.rule?.kind ?? '');
  const done = async () => {
    await refreshCollections();
    onClose();
  };
  const save = useMutation({
    mutationFn: (wish: Omit<Parameters<typeof collections.add>[0], 'how'>) =>
      collection
        ? collections.change(collection.id, collection.how === 'set' ? wish : { ...wish, how })
        : collections.add({ ...wish, how }),
    onSuccess: done,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const rule = ruleOf(form, how, only);
    save.mutate({
      kind,
      name: String(form.get('name')).trim(),
      overview: String(form.get('overview')).trim(),
      ...(rule && { rule }),
    });
  };
  return (
    <Dialog title={t(collection ? 'editChannel' : 'addChannel')} wide onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {save.error && !isFieldError(save.error, ['name']) ? <Notice>{failureWords(words, save.error)}</Notice> : null}
        <Choice
          label={t('kind')}
          value={kind}
          options={[
            { value: 'channel', label: t('aChannel') },
            { value: 'collection', label: t('aCollection') },
          ]}
          onChange={setKind}
        />
        <Note>{t(kind === 'channel' ? 'channelText' : 'collectionText')}</Note>
        <Field
          label={t('fieldName')}
          name="name"
          required
          maxLength={80}
          autoFocus
          defaultValue={collection?.name}
          error={fieldError(words, save.error, 'name')}
        />
        <Field label={t('fieldOverview')} name="overview" defaultValue={collection?.overview} />
        {collection?.how !== 'set' && (
          <>
            <h3 className={s.heading}>{t('howFilled')}</h3>
            <Choice
              label={t('howFilled')}
              value={how}
              options={(['hand', 'folder', 'rule'] as const).map((value) => ({ value, label: t(fillModeWords[value]) }))}
              onChange={setHow}
            />
          </>
        )}
        {how === 'hand' && <Note>{t(collection?.how === 'set' ? 'howSetText' : 'howHandText')}</Note>}
        {how === 'rule' && <RuleFields rule={collection?.rule} only={only} onOnly={setOnly} />}
        {how !== 'hand' && <FolderFields rule={collection?.rule} />}
        {collection && <LogoField collection={collection} />}
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface RuleProps {
  rule?: CollectionRule;
  only: '' | 'movie' | 'series';
  onOnly: (only: '' | 'movie' | 'series') => void;
}

/** Fields of a rule. Every filled field must match; of a list, one value is enough. */
function RuleFields({ rule, only, onOnly }: RuleProps) {
  const { t } = useAdminWords();
  const list = (name: 'genres' | 'tags' | 'studios' | 'countries' | 'names', label: string) => (
    <Field label={label} name={name} hint={t('byCommas')} defaultValue={rule?.[name]?.join(', ')} />
  );
  return (
    <>
      <Note>{t('ruleText')}</Note>
      <Choice
        label={t('kind')}
        value={only || 'all'}
        options={[
          { value: 'all', label: t('all') },
          { value: 'movie', label: t('movies') },
          { value: 'series', label: t('series') },
        ]}
        onChange={(value) => onOnly(value === 'all' ? '' : (value as 'movie' | 'series'))}
      />
      <div className={s.rule}>
        <Pair>
          {list('genres', t('fieldGenres'))}
          {list('tags', t('fieldTags'))}
        </Pair>
        <Pair>
          {list('studios', t('fieldStudios'))}
          {list('countries', t('fieldCountries'))}
        </Pair>
        <Pair>
          <Field label={t('ruleYears')} name="years" hint="1990-1999" defaultValue={rule?.years} />
          <Field label={t('ruleAge')} name="age" type="number" min={0} max={21} defaultValue={rule?.age} />
        </Pair>
        {list('names', t('ruleNames'))}
      </div>
    </>
  );
}

function FolderFields({ rule }: { rule?: CollectionRule }) {
  const { t } = useAdminWords();
  const { data } = useQuery(queries.library);
  return (
    <div className={s.rule}>
      {data?.roots.map(({ id, path }) => (
        <Check key={id} label={path} name="roots" value={id} defaultChecked={rule?.roots?.includes(id)} />
      ))}
      <label className={s.folders}>
        <span>{t('ruleFolders')}</span>
        <textarea name="folders" rows={3} defaultValue={rule?.folders?.join('\n')} placeholder={'Kids\n/media/films/Westerns'} />
      </label>
      <Note>{t('ruleFoldersHint')}</Note>
    </div>
  );
}

function LogoField({ collection: { id, name, logo } }: { collection: Collection }) {
  const words = useAdminWords();
  const { t } = words;
  const input = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(logo);
  const change = useMutation({
    mutationFn: async (file?: File) => (file ? (await collections.setLogo(id, file)).logo : collections.dropLogo(id).then(() => undefined)),
    onSuccess: (made) => {
      setShown(made);
      void refreshCollections();
    },
  });
  return (
    <div className={s.logo}>
      {change.error ? <Notice>{failureWords(words, change.error)}</Notice> : null}
      <h3 className={s.heading}>{t('pictureLogo')}</h3>
      <div className={s.picture} data-nav="row">
        <span className={s.frame}>{shown && <img src={sized(shown, 320)} alt="" />}</span>
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          hidden
          data-testid="logo"
          onChange={(event) => event.target.files?.[0] && change.mutate(event.target.files[0])}
        />
        <Button small icon={<ImageUp />} busy={change.isPending} onClick={() => input.current?.click()}>
          {t('upload')}
        </Button>
        {shown && (
          <Button
            small
            round
            tone="bare"
            icon={<Trash2 />}
            aria-label={t('dropPicture', { name })}
            onClick={() => change.mutate(undefined)}
          />
        )}
      </div>
    </div>
  );
}
