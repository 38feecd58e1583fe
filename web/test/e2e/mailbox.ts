import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Where the links in letters lead: the server needs an address that does not change, and listens where there is room. */
const publicURL = 'http://movies.example.org';

/** A mail server that takes every letter. */
export class Mailbox {
  private text = '';

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Mailbox> {
    const server = createServer();
    const mailbox = new Mailbox(server);
    server.on('connection', (socket) => mailbox.take(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }

  /** The settings of a server that sends its letters here. */
  settings(): Record<string, string> {
    return {
      MOVIFY_SERVER_PUBLIC_URL: publicURL,
      MOVIFY_MAIL_HOST: '127.0.0.1',
      MOVIFY_MAIL_PORT: String((this.server.address() as AddressInfo).port),
      MOVIFY_MAIL_SECURITY: 'none',
      MOVIFY_MAIL_FROM: 'Movify <movify@example.org>',
    };
  }

  /** The path of the last link in a letter that begins so, once there is one. */
  link(path: string): string | undefined {
    return this.text
      .match(new RegExp(`${publicURL}${path}\\S+(?=\\n)`, 'g'))
      ?.at(-1)
      ?.slice(publicURL.length);
  }

  /** How many letters came to an address. */
  letters(email: string): number {
    return this.text.split(`To: <${email}>`).length - 1;
  }

  close(): void {
    this.server.close();
  }

  private take(socket: Socket): void {
    let inside = false;
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inside && line !== '.') this.text += `${line}\n`;
        else if (line === 'DATA') socket.write('354 go on\r\n');
        else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
        inside = line === 'DATA' || (inside && line !== '.');
      }
    });
    socket.write('220 post\r\n');
  }
}
