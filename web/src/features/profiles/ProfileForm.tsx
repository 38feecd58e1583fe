import { useMutation } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { asProblem } from '../../api/problem';
import { profiles, refreshProfiles } from '../../api/profiles';
import type { Profile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import { AvatarDialog } from './AvatarDialog';
import { type Draft, draftOf, newOf, patchOf } from './draft';
import s from './EditPage.module.css';
import { PasswordDialog } from './PasswordDialog';
import { AgePanel, PinPanel, PlayPanel } from './panels';

/** Saves the form; the picture is uploaded last, because the profile must exist. */
async function send(draft: Draft, profile: Profile | undefined, password: string | undefined): Promise<Profile> {
  const saved = profile
    ? await profiles.change(profile.id, { ...patchOf(draft, profile), password })
    : await profiles.add({ ...newOf(draft), password });
  return draft.picture ? profiles.upload(saved.id, draft.picture) : saved;
}

/** Object URL of the chosen picture. */
function useLocal(picture: File | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!picture) return setUrl(undefined);
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return url;
}

export function ProfileForm({ profile, onDone }: { profile?: Profile; onDone: () => void }) {
  const words = useViewerWords();
  const { t } = words;
  const [draft, setDraft] = useState(() => draftOf(profile));
  const [picking, setPicking] = useState(false);
  const [removing, setRemoving] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const local = useLocal(draft.picture);
  const save = useMutation({
    mutationFn: (password?: string) => send(draft, profile, password),
    onSuccess: async (saved) => {
      await refreshProfiles(saved);
      onDone();
    },
  });
  const code = save.error ? asProblem(save.error).code : undefined;
  const askPassword = code === 'password_needed' || code === 'password_wrong';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const face = {
    name: draft.name,
    color: profile?.color ?? '',
    avatar: draft.avatar || profile?.avatar,
    avatarUrl: local ?? (draft.avatar ? undefined : profile?.avatarUrl),
  };
  return (
    <form onSubmit={submit} className={s.form} data-nav="col">
      {save.error && !askPassword && !isFieldError(save.error, ['name'], ['profile_name_taken', 'profile_name_invalid']) ? (
        <Notice>{failureWords(words, save.error)}</Notice>
      ) : null}
      <div className={s.who} data-nav="row">
        <button type="button" className={s.face} aria-label={t('choosePicture')} onClick={() => setPicking(true)}>
          <Avatar profile={face} className={s.picture} />
          <span className={s.pencil}>
            <Pencil />
          </span>
        </button>
        <div>
          <Field
            label={t('profileName')}
            name="name"
            required
            maxLength={20}
            autoComplete="off"
            autoFocus={!profile}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            error={
              fieldError(words, save.error, 'name', 'profile_name_taken') ?? fieldError(words, save.error, 'name', 'profile_name_invalid')
            }
          />
        </div>
      </div>
      <AgePanel draft={draft} onChange={setDraft} id={profile?.id} />
      <PlayPanel draft={draft} onChange={setDraft} />
      <PinPanel draft={draft} onChange={setDraft} hasPin={profile?.hasPin ?? false} />
      <Actions>
        {profile && (
          <Button tone="danger" icon={<Trash2 />} onClick={() => setRemoving(true)}>
            {t('deleteProfile')}
          </Button>
        )}
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={save.isPending}>
          {t('save')}
        </Button>
      </Actions>
      {picking && (
        <AvatarDialog
          chosen={draft.picture ? undefined : face.avatar}
          onChoose={(avatar) => {
            change({ avatar, picture: undefined });
            setPicking(false);
          }}
          onUpload={(picture) => {
            change({ picture });
            setPicking(false);
          }}
          onClose={() => setPicking(false)}
        />
      )}
      {askPassword && (
        <PasswordDialog
          title={t('accountPassword')}
          text={t('needsPassword')}
          confirm={t('save')}
          busy={save.isPending}
          error={code === 'password_wrong' ? save.error : undefined}
          onConfirm={(password) => save.mutate(password)}
          onClose={() => save.reset()}
        />
      )}
      {removing && profile && <Remove profile={profile} onClose={() => setRemoving(false)} onDone={onDone} />}
    </form>
  );
}

function Remove({ profile, onClose, onDone }: { profile: Profile; onClose: () => void; onDone: () => void }) {
  const { t } = useViewerWords();
  const remove = useMutation({
    mutationFn: (password: string) => profiles.remove(profile.id, password),
    onSuccess: async () => {
      await refreshProfiles();
      onDone();
    },
  });
  return (
    <PasswordDialog
      title={t('deleteProfileAsk', { name: profile.name })}
      text={t('deleteProfileText')}
      confirm={t('deleteProfile')}
      danger
      busy={remove.isPending}
      error={remove.error ?? undefined}
      onConfirm={remove.mutate}
      onClose={onClose}
    />
  );
}
