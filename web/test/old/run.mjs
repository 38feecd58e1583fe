// The built app on televisions' engines: npm run old. Needs MOVIFY_BIN (the built server) and MOVIFY_CLIP (a real clip).
// With OLD_PICTURES=DIR the home page and the player are kept there as pictures.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './browser.mjs';
import { engines, programOf } from './engines.mjs';

const { MOVIFY_BIN, MOVIFY_CLIP, OLD_PICTURES } = process.env;
assert.ok(MOVIFY_BIN && MOVIFY_CLIP, 'MOVIFY_BIN must name the built server and MOVIFY_CLIP a real clip');

const owner = { name: 'Camille', email: 'camille@example.org', password: 'seven green lanterns', folders: [] };

async function startServer(home) {
  mkdirSync(join(home, 'library'));
  copyFileSync(MOVIFY_CLIP, join(home, 'library', 'The Crossing (2010).avi'));
  const folders = ['--data', join(home, 'data'), '--library', join(home, 'library')];
  const server = spawn(MOVIFY_BIN, ['serve', ...folders, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const base = await new Promise((resolve, reject) => {
    let told = '';
    const hear = (chunk) => {
      told += chunk;
      const found = /Movify is at (http:\S+)/.exec(told);
      if (found) resolve(found[1]);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${told.slice(-500)}`)));
  });
  return { base, server };
}

async function setUp(base) {
  const post = (body) => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const response = await fetch(`${base}/api/v1/setup`, post(owner));
  assert.equal(response.status, 200, await response.clone().text());
}

/** Signs in by the form itself, as a person would, so that old engines prove their cookies. A television offers a code first. */
async function signIn(browser, base) {
  await browser.goto(`${base}/home?device=tv`);
  await browser.until('the sign-in shows a code', `!!document.querySelector('[data-testid=user-code]')`);
  await browser.press('ArrowDown');
  await browser.until('the way to the password has the focus', 'document.activeElement.matches("button[data-nav-default]")');
  await browser.press('Enter');
  await browser.until('the sign-in shows its form', `!!document.querySelector('input[type=email]')`);
  for (const [type, words] of [
    ['email', owner.email],
    ['password', owner.password],
  ]) {
    await browser.read(`document.querySelector('input[type=${type}]').focus()`);
    for (const text of words) await browser.send('Input.dispatchKeyEvent', { type: 'char', text });
  }
  await browser.press('Enter');
  await browser.until(
    'home shows the film',
    `!!document.querySelector('main[data-ready] h1') && /Crossing/.test(document.querySelector('h1').textContent)`,
    90,
  );
}

const focused = '(document.activeElement.getAttribute("data-focus-id") || document.activeElement.getAttribute("href") || "")';
const player = 'document.querySelector("[data-testid=player]")';

async function walk(browser) {
  await browser.until('Play has the focus', `${focused} === 'hero/play'`);
  await browser.press('ArrowRight');
  await browser.until('right goes to More info', `${focused} === 'hero/info'`);
  await browser.press('ArrowDown');
  await browser.until('down goes to a row', `/^new\\//.test(${focused})`);
  await browser.press('ArrowLeft');
  await browser.until('left goes to the rail', `!!document.activeElement.closest('nav')`);
  await browser.press('ArrowRight');
  await browser.press('ArrowUp');
  await browser.until('up comes back', `/^hero\\//.test(${focused})`);
  if ((await browser.read(focused)) !== 'hero/play') await browser.press('ArrowLeft');
  await browser.until('Play has the focus again', `${focused} === 'hero/play'`);
}

async function watch(browser, plays) {
  await browser.press('Enter');
  if (!plays) {
    await browser.until(
      'the refusal is explained',
      `${player} && ${player}.dataset.state === 'error' && !!document.querySelector('[data-testid=fault-code]')`,
    );
    return `no H.264 in this build: refused with ${await browser.read(`document.querySelector('[data-testid=fault-code]').textContent`)}`;
  }
  await browser.until('the film plays', `${player} && ${player}.dataset.state === 'playing'`, 90);
  await browser.until(
    'the picture moves',
    `document.querySelector('video').currentTime > 1.5 && document.querySelector('video').webkitDecodedFrameCount > 10`,
  );
  await browser.press('ArrowUp');
  await browser.until('a key shows the controls', `${player}.dataset.controls === 'shown'`);
  return 'plays';
}

async function prove(engine, base) {
  const browser = await Browser.start(programOf(engine));
  const keep = async (name) => OLD_PICTURES && writeFileSync(join(OLD_PICTURES, `${engine.major}-${name}.png`), await browser.picture());
  try {
    assert.match(browser.version, new RegExp(`/${engine.major}\\.`));
    await signIn(browser, base);
    await keep('home');
    await walk(browser);
    const film = await watch(browser, engine.plays);
    await keep('player');
    await browser.press('Escape');
    // The first one may only have put the controls away.
    await browser.read('new Promise(function (done) { requestAnimationFrame(function () { requestAnimationFrame(done) }) })');
    if (await browser.read(`/^\\/watch/.test(location.pathname)`)) await browser.press('Escape');
    await browser.until('Back leads home', `location.pathname === '/home'`);
    console.log(`${browser.version}: boot, sign-in, home, D-pad, player: ${film}`);
  } finally {
    await browser.close();
  }
}

const home = mkdtempSync(join(tmpdir(), 'movify-old-home-'));
const { base, server } = await startServer(home);
try {
  await setUp(base);
  for (const engine of engines) await prove(engine, base);
} finally {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(home, { recursive: true, force: true });
}
