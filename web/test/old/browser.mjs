// A driver for browsers that test frameworks no longer speak to: the DevTools protocol as it has been since 2018.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-zygote',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--window-size=1920,1080',
  '--lang=en-US',
  '--remote-debugging-port=0',
];

const keyCodes = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Enter: 13, Escape: 27 };

export class Browser {
  /** Lines the page wrote to its console as errors, and what it threw. */
  complaints = [];
  #pending = new Map();
  #last = 0;

  static async start(program) {
    const profile = mkdtempSync(join(tmpdir(), 'movify-old-'));
    const child = spawn(program, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LANG: 'en_US.UTF-8' },
    });
    const port = await new Promise((resolve, reject) => {
      let told = '';
      child.stderr.on('data', (chunk) => {
        told += chunk;
        const found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(told);
        if (found) resolve(found[1]);
      });
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${told.slice(-500)}`)));
      child.once('error', reject);
    });
    const json = async (path) => (await fetch(`http://127.0.0.1:${port}/json/${path}`)).json();
    const { Browser: version } = await json('version');
    const page = (await json('list')).find(({ type }) => type === 'page');
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`${version} refuses the connection`)));
    });
    const browser = new Browser(version, socket, async () => {
      socket.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true });
    });
    for (const domain of ['Page', 'Runtime', 'Network']) await browser.send(`${domain}.enable`);
    return browser;
  }

  constructor(version, socket, close) {
    this.version = version;
    this.socket = socket;
    this.close = close;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(data)));
  }

  send(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, method });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive({ id, method, params, result, error }) {
    if (id === undefined) return this.#notice(method, params);
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) waiting?.reject(new Error(`${waiting.method}: ${error.message}`));
    else waiting?.resolve(result);
  }

  #notice(method, params) {
    if (method === 'Runtime.exceptionThrown') {
      const { exception, text } = params.exceptionDetails;
      this.complaints.push(exception?.description ?? text);
    }
    if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
      this.complaints.push(params.args.map(({ value, description }) => value ?? description).join(' '));
    }
  }

  goto(url) {
    return this.send('Page.navigate', { url });
  }

  /** The value of an expression in the page. */
  async read(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true in the page. */
  async until(what, expression, seconds = 60) {
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
      // A page that is being replaced cannot answer; the next one will.
      if (await this.read(expression).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${this.version}: ${what}: not after ${seconds} s. ${this.complaints.slice(-3).join(' | ')}`);
  }

  async press(key) {
    const press = { key, code: key, windowsVirtualKeyCode: keyCodes[key], nativeVirtualKeyCode: keyCodes[key] };
    const text = key === 'Enter' ? '\r' : undefined;
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, ...press });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...press });
  }

  async picture() {
    return Buffer.from((await this.send('Page.captureScreenshot', { format: 'png' })).data, 'base64');
  }
}
