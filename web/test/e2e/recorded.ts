import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The recorded answers of TMDB that the server's own tests play back. */
const tape: Record<string, string> = { '/3/movie/990001': 'movie.json' };

const read = (name: string) => readFileSync(join('..', 'library', 'tmdb', 'testdata', name));

const nothing = JSON.stringify({ page: 1, results: [], total_pages: 1, total_results: 0 });

/**
 * A proxy behind which TMDB is its recorded answers. The settings make a server go through it and trust its certificate; it
 * lets nobody out to any other machine.
 */
export async function recorded(home: string): Promise<{ settings: Record<string, string>; asked: string[]; stop: () => void }> {
  const hosts = ['api.themoviedb.org', 'image.tmdb.org'];
  const [key, cert, poster] = ['key.pem', 'cert.pem', 'poster.jpg'].map((name) => join(home, name)) as [string, string, string];
  const names = hosts.map((host) => `DNS:${host}`).join();
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=recorded'];
  execFileSync('openssl', [...make, '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'color=orange:s=400x600', '-frames:v', '1', poster]);

  const asked: string[] = [];
  const tmdb = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://api.themoviedb.org');
    asked.push(pathname);
    if (pathname.startsWith('/t/p/')) {
      response.setHeader('Content-Type', 'image/jpeg');
      response.end(readFileSync(poster));
      return;
    }
    response.setHeader('Content-Type', 'application/json');
    const name = tape[pathname];
    if (name) response.end(read(name));
    else if (pathname === '/3/search/movie')
      response.end(/lantern/i.test(searchParams.get('query') ?? '') ? read('search_movie.json') : nothing);
    else response.writeHead(404).end('{}');
  });
  const proxy = createServer((_request, response) => response.writeHead(403).end());
  proxy.on('connect', ({ url }, socket) => {
    if (!hosts.some((host) => url === `${host}:443`)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tmdb.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const settings = {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    SSL_CERT_FILE: cert,
    MOVIFY_LIBRARY_TMDB_ENABLED: 'true',
    MOVIFY_LIBRARY_TMDB_KEY: 'a-key-of-the-tape',
  };
  return {
    settings,
    asked,
    stop: () => {
      tmdb.closeAllConnections();
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
