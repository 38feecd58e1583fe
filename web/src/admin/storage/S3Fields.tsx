import type { SavedS3 } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Choice } from '../../ui/Choice';
import { Field, Pair } from '../../ui/Field';
import s from './S3Panel.module.css';

interface Props {
  s3?: SavedS3;
  /** set in the configuration file: read-only */ fixed: boolean;
  pathStyle: SavedS3['pathStyle'];
  onPathStyle: (value: SavedS3['pathStyle']) => void;
  refused?: (field: string) => string | undefined;
}

export function S3Fields({ s3, fixed, pathStyle, onPathStyle, refused }: Props) {
  const { t } = useAdminWords();
  const shared = { readOnly: fixed, autoComplete: 'off', autoCapitalize: 'none', spellCheck: false };
  const styles: { value: SavedS3['pathStyle']; label: string }[] = [
    { value: 'auto', label: t('pathStyleAuto') },
    { value: 'true', label: t('pathStylePath') },
    { value: 'false', label: t('pathStyleHost') },
  ];
  return (
    <>
      <Field
        {...shared}
        label={t('s3Endpoint')}
        name="endpoint"
        type="url"
        inputMode="url"
        placeholder="https://s3.example.com"
        hint={t('s3EndpointHint')}
        defaultValue={s3?.endpoint}
        error={refused?.('endpoint')}
      />
      <Pair>
        <Field {...shared} label={t('s3Bucket')} name="bucket" required defaultValue={s3?.bucket} error={refused?.('bucket')} />
        <Field
          {...shared}
          label={t('s3Region')}
          name="region"
          placeholder="us-east-1"
          defaultValue={s3?.region}
          error={refused?.('region')}
        />
      </Pair>
      <Field
        {...shared}
        label={t('s3Prefix')}
        name="prefix"
        placeholder="movify/"
        hint={t('s3PrefixHint')}
        defaultValue={s3?.prefix}
        error={refused?.('prefix')}
      />
      <div className={s.style}>
        <p className={s.label}>{t('pathStyle')}</p>
        <Choice
          label={t('pathStyle')}
          value={pathStyle}
          options={fixed ? styles.filter(({ value }) => value === pathStyle) : styles}
          onChange={onPathStyle}
        />
      </div>
      <Pair>
        <Field {...shared} label={t('s3AccessKey')} name="accessKey" required defaultValue={s3?.accessKey} error={refused?.('accessKey')} />
        {!fixed && (
          <Field
            {...shared}
            label={t('s3SecretKey')}
            name="secretKey"
            type="password"
            autoComplete="new-password"
            required={!s3}
            placeholder={s3 ? t('s3SecretKept') : undefined}
            error={refused?.('secretKey')}
          />
        )}
      </Pair>
    </>
  );
}
