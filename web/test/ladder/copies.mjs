// Shows Original streams in folders to two judges: hls-parser in strict mode, and hls.js in Chromium, which has to hold each
// stream as one buffered range and, wherever it is sent, to show the picture of that time and no neighbour of it.
// Usage: node copies.mjs FOLDER   (of streams, a folder each; prints one line of JSON for each; exits 1 when something is wrong)
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumPath } from '../browser.mjs';

const root = process.argv[2];
const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const types = { '.m3u8': 'application/vnd.apple.mpegurl', '.mp4': 'video/mp4', '.m4s': 'video/mp4' };
const page = '<!doctype html><title>copies</title><video muted playsinline></video><script src="/hls.js"></script>';

// These say how busy the machine was: no picture was shown for a while, or not at once where the sound begins a millisecond after 0.
// A hole is seen in the buffered ranges.
const harmless = ['bufferStalledError', 'bufferSeekOverHole'];

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  if (path === '/') return response.setHeader('content-type', 'text/html').end(page);
  if (path === '/hls.js') return response.setHeader('content-type', 'text/javascript').end(readFileSync(hls));
  const file = join(root, path);
  if (!existsSync(file)) return response.writeHead(404).end();
  return response.setHeader('content-type', types[extname(file)] ?? 'text/plain').end(readFileSync(file));
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
});
try {
  for (const name of readdirSync(root).sort()) {
    const folder = join(root, name);
    execFileSync(process.execPath, [join(import.meta.dirname, 'parse.mjs'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    const moments = somewhere(picturesOf(join(folder, 'v0')));
    const seen = await tab.evaluate(look, { folder: name, moments, codecs: codecs(folder), harmless });
    await tab.close();
    const wrong = complaints(seen);
    console.log(JSON.stringify({ name, ...seen, wrong }));
    if (wrong.length > 0) process.exitCode = 1;
  }
} finally {
  await browser.close();
  server.close();
}

/** The pictures of a copied track as ffprobe reads them: when each is shown, and for how long its sample lasts, in seconds. */
function picturesOf(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.m4s'));
  const input = Buffer.concat(['init.mp4', ...files.sort()].map((name) => readFileSync(join(folder, name))));
  const args = ['-v', 'error', '-show_entries', 'packet=pts_time,dts_time', '-of', 'csv=p=0', 'pipe:0'];
  const { stdout, status } = spawnSync('ffprobe', args, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`ffprobe does not read ${folder}`);
  const packets = stdout.trim().split('\n');
  const times = packets.map((line) => line.split(',').map(Number));
  return times.map(([at, decoded], n) => [at, (times[n + 1]?.[1] ?? Infinity) - decoded]).sort(([a], [b]) => a - b);
}

/**
 * Moments in the middle of some pictures, to and fro, so that each is of another picture than the one before, with what may be shown
 * then. A sample of a picture that others are decoded before lasts longer than the picture where pictures differ in length, and
 * after a jump Chromium shows the first one whose sample is not over.
 */
function somewhere(pictures) {
  const numbers = [0.5, 0.05, 0.93, 0.31, 0.77, 0.12, 0.64].map((part) => Math.floor(part * (pictures.length - 1)));
  return [...new Set(numbers)].map((n) => {
    const moment = (pictures[n][0] + pictures[n + 1][0]) / 2;
    return { moment, right: pictures.filter(([at, length]) => at < moment && moment < at + length).map(([at]) => at) };
  });
}

/** The codecs of the picture, and of the picture and the sounds together. */
function codecs(folder) {
  const text = readFileSync(join(folder, 'multivariant.m3u8'), 'utf8');
  const sets = [...text.matchAll(/CODECS="([^"]*)"/g)].map((match) => match[1]);
  return { picture: sets[0].split(',')[0], all: sets };
}

/** Runs in the page: loads a stream as a whole and goes to some of its pictures. */
async function look({ folder, moments, codecs, harmless }) {
  const plays = (set) => MediaSource.isTypeSupported(`video/mp4; codecs="${set}"`);
  if (!plays(codecs.picture)) return { skipped: codecs.picture };
  const video = document.querySelector('video');
  const seen = { errors: [], seeks: [], ranges: [], duration: 0, sound: codecs.all.every(plays) };
  const player = new window.Hls({ maxBufferLength: 60, maxMaxBufferLength: 60, backBufferLength: Number.POSITIVE_INFINITY });
  const within = (promise, what) =>
    Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Error(`no ${what}`)), 30_000))]);
  const loaded = new Promise((resolve) => player.on(window.Hls.Events.BUFFERED_TO_END, resolve));
  const broken = new Promise((_, reject) => {
    player.on(window.Hls.Events.ERROR, (_, data) => {
      if (data.fatal || !harmless.includes(data.details)) seen.errors.push(data.details + (data.fatal ? ' (fatal)' : ''));
      if (data.fatal) reject(new Error(data.details));
    });
  });
  /** Goes to a moment; gives the time of the picture that is shown then. */
  const showAt = (moment) => {
    const shown = new Promise((resolve) => video.requestVideoFrameCallback((_, frame) => resolve(frame.mediaTime)));
    video.currentTime = moment;
    return within(Promise.race([shown, broken]), `picture at ${moment}`);
  };
  // A sound that this browser lacks is left out of the playlist by the server; here the picture is played by itself.
  player.loadSource(`/${folder}/${seen.sound ? 'multivariant' : 'v0/media'}.m3u8`);
  player.attachMedia(video);
  try {
    // hls.js does not end a stream while the position lies before its first picture or sound, as 0 may by a millisecond.
    await within(Promise.race([video.play(), broken]), 'beginning');
    await within(Promise.race([loaded, broken]), 'end of the buffer');
    video.pause();
    for (const { moment, right } of moments) seen.seeks.push({ moment, right, shown: await showAt(moment) });
  } catch (failure) {
    seen.failure = failure.message;
  }
  for (let n = 0; n < video.buffered.length; n++) seen.ranges.push([video.buffered.start(n), video.buffered.end(n)]);
  seen.duration = video.duration;
  player.destroy();
  return seen;
}

function complaints(seen) {
  if (seen.skipped) return [];
  const wrong = [];
  if (seen.failure) wrong.push(seen.failure);
  if (seen.errors.length > 0) wrong.push(`hls.js complained: ${seen.errors}`);
  if (seen.ranges.length !== 1) wrong.push(`there are ${seen.ranges.length} buffered ranges`);
  const [start, end] = seen.ranges[0] ?? [];
  if (start > 0.1 || Math.abs(end - seen.duration) > 0.1) wrong.push(`buffered are ${start} to ${end} of ${seen.duration} s`);
  for (const { moment, right, shown } of seen.seeks)
    if (!right.some((at) => Math.abs(at - shown) < 0.001)) wrong.push(`at ${moment} the picture of ${shown} is shown, not ${right}`);
  return wrong;
}
