// A certified OpenID provider for the tests: node provider.mjs NODE_MODULES REDIRECT_URI. It prints its issuer, and signs in
// whoever is typed into its form: "verified …" has a verified address, "unverified …" has not.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [modules, redirect] = process.argv.slice(2);
const entry = createRequire(`${modules}/`).resolve('oidc-provider');
const { default: Provider } = await import(pathToFileURL(entry).href);

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'movify', client_secret: 'a secret of this test', redirect_uris: [redirect] }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
    cookies: { keys: ['only for this test'] },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({
        sub, email: `${sub.split(' ')[1]}@example.org`, email_verified: sub.startsWith('verified'), given_name: 'Ann', family_name: 'Other',
      }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
