import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FolderPlus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { server } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queries, queryClient } from '../../api/queries';
import { type Language, languages, setLanguage } from '../../i18n';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { FolderPicker } from '../../ui/FolderPicker';
import { LadderStep } from './LadderStep';
import s from './SetupPage.module.css';

interface Owner {
  name: string;
  email: string;
  password: string;
}

const steps = ['language', 'account', 'library', 'ladder', 'done'] as const;
type Step = (typeof steps)[number];

/**
 * First run: language, administrator, folders, when films are prepared, done. Nothing is sent before the third step is confirmed; the
 * fourth is left out while there are no folders.
 */
export function SetupPage() {
  const { t } = useAccountWords();
  const navigate = useNavigate();
  const [step, setStep] = useState<Step>('language');
  const [owner, setOwner] = useState<Owner>({ name: '', email: '', password: '' });
  const setup = useMutation({
    mutationFn: server.setup,
    onSuccess: async (bootstrap) => {
      // The server may have folders that were not chosen here.
      const { roots } = await queryClient.fetchQuery(queries.library).catch(() => ({ roots: [] }));
      setStep(roots.length > 0 ? 'ladder' : 'done');
      queryClient.setQueryData(queries.bootstrap.queryKey, bootstrap);
    },
    onError: (error) => {
      // An invalid e-mail or password leads back to its step.
      if (['email', 'password', 'name'].some((name) => asProblem(error).field(name))) setStep('account');
    },
  });
  const problem = setup.error ? asProblem(setup.error) : undefined;
  const numbered = { step: t('stepOf', { step: steps.indexOf(step) + 1, steps: steps.length }) };

  if (step === 'language') {
    return (
      <AuthLayout title={t('welcome')} lead={t('welcomeText')} {...numbered}>
        <LanguageStep onNext={() => setStep('account')} />
      </AuthLayout>
    );
  }
  if (step === 'account') {
    return (
      <AuthLayout title={t('ownerTitle')} lead={t('ownerText')} {...numbered}>
        <OwnerStep
          owner={owner}
          refused={problem?.fields.length ? (name) => problem.field(name) : undefined}
          onBack={() => setStep('language')}
          onNext={(next) => {
            setOwner(next);
            setup.reset();
            setStep('library');
          }}
        />
      </AuthLayout>
    );
  }
  if (step === 'library') {
    return (
      <AuthLayout title={t('folderTitle')} lead={t('folderText')} wide {...numbered}>
        {problem && <Notice>{problem.message || t('failedText')}</Notice>}
        <FolderStep busy={setup.isPending} onBack={() => setStep('account')} onNext={(folders) => setup.mutate({ ...owner, folders })} />
      </AuthLayout>
    );
  }
  if (step === 'ladder') {
    return (
      <AuthLayout title={t('ladderTitle')} lead={t('ladderText')} wide {...numbered}>
        <LadderStep onNext={() => setStep('done')} />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('doneTitle')} lead={t('doneText')} {...numbered}>
      <Actions>
        <Button tone="brand" data-nav-default="" onClick={() => void navigate({ to: '/home' })}>
          {t('openMovify')}
        </Button>
      </Actions>
    </AuthLayout>
  );
}

function LanguageStep({ onNext }: { onNext: () => void }) {
  const { t, language } = useAccountWords();
  return (
    <div data-nav="col">
      <Choice
        label={t('language')}
        value={language}
        options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label, lang: value }))}
        onChange={(value) => void setLanguage(value)}
      />
      <Actions>
        <Button tone="brand" onClick={onNext} data-nav-default="">
          {t('begin')}
        </Button>
      </Actions>
    </div>
  );
}

interface OwnerProps {
  owner: Owner;
  refused?: (field: string) => string | undefined;
  onBack: () => void;
  onNext: (owner: Owner) => void;
}

/** The minimum password length of the server. */
const shortest = 10;

function OwnerStep({ owner, refused, onBack, onNext }: OwnerProps) {
  const { t } = useAccountWords();
  const [password, setPassword] = useState(owner.password);
  const [tried, setTried] = useState(false);
  const tooShort = password.length < shortest;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const form = new FormData(event.currentTarget);
    if (!tooShort) onNext({ name: String(form.get('name')).trim(), email: String(form.get('email')).trim(), password });
  };
  return (
    <form onSubmit={submit} data-nav="col">
      <Field
        label={t('yourName')}
        name="name"
        defaultValue={owner.name}
        autoComplete="name"
        required
        autoFocus
        maxLength={40}
        error={refused?.('name')}
      />
      <Field
        label={t('email')}
        name="email"
        type="email"
        defaultValue={owner.email}
        autoComplete="username"
        required
        error={refused?.('email')}
      />
      <Field
        label={t('password')}
        name="password"
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        required
        hint={t(tooShort ? 'passwordRule' : 'passwordGood', { count: shortest })}
        error={tried && tooShort ? t('passwordShort', { count: shortest }) : refused?.('password')}
      />
      <Actions>
        <Button tone="bare" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" tone="brand">
          {t('continue')}
        </Button>
      </Actions>
    </form>
  );
}

interface FolderProps {
  busy: boolean;
  onBack: () => void;
  onNext: (folders: string[]) => void;
}

function FolderStep({ busy, onBack, onNext }: FolderProps) {
  const { t } = useAccountWords();
  const [here, setHere] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const add = () => setChosen((old) => (here === '' || old.includes(here) ? old : [...old, here]));
  // The open folder is included even if "add" was not pressed.
  const folders = chosen.length > 0 || here === '' ? chosen : [here];
  return (
    <div data-nav="col">
      <FolderPicker onChange={setHere} />
      <Button small className={s.add} icon={<FolderPlus />} disabled={here === '' || chosen.includes(here)} onClick={add}>
        {t('addFolder')}
      </Button>
      <ul className={s.chosen} aria-label={t('chosenFolders')}>
        {chosen.map((path) => (
          <li key={path}>
            <span>{path}</span>
            <Button
              small
              round
              tone="bare"
              icon={<X />}
              aria-label={t('removeFolder', { path })}
              onClick={() => setChosen(chosen.filter((one) => one !== path))}
            />
          </li>
        ))}
      </ul>
      <Actions>
        <Button tone="bare" onClick={onBack}>
          {t('back')}
        </Button>
        <Button tone="brand" busy={busy} onClick={() => onNext(folders)}>
          {t(folders.length > 0 ? 'finish' : 'skipFolder')}
        </Button>
      </Actions>
    </div>
  );
}
