// Plays a ladder from its first second to its last with hls.js in Chromium, changing the rung on the way.
// Usage: node through.mjs [--patient] [--rate=4] FOLDER|URL   (prints what it saw as JSON; exits 1 when something went wrong)
// URL is that of a Multivariant Playlist on a server, which stands behind the page's own origin as it does behind the web
// app's; where it redirects, the browser follows by itself. --patient forgives what the player recovered from, and loads again at a
// standstill as the web app does (src/player/core/standstill.ts).
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chromium } from '@playwright/test';
import { chromiumPath } from '../browser.mjs';

const patient = process.argv.includes('--patient');
const rate = Number(process.argv.find((word) => word.startsWith('--rate='))?.slice(7) ?? 1);
const from = process.argv.at(-1);
const origin = /^https?:/.test(from) ? new URL(from) : null;
const manifest = origin ? origin.pathname : '/multivariant.m3u8';
const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const types = { '.m3u8': 'application/vnd.apple.mpegurl', '.mp4': 'video/mp4', '.m4s': 'video/mp4' };
const page = '<!doctype html><title>ladder</title><video muted playsinline></video><script src="/hls.js"></script>';
let redirects = 0;

// These say how busy the machine was, not what is in the stream: hls.js reports "aborted" when the switch that this test asks for
// breaks off an append, and a stall when no frame was shown for a while. A hole has a name of its own, and the ranges show it.
// After the switch it may also report an append that gave the buffer nothing: what came in while hls.js was throwing away what
// lay before the new rung. Before the switch that report means a segment without content, and stays a complaint.
const harmless = new Set(['aborted', 'bufferStalledError', 'bufferAppendNoProgress after a switch']);

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  if (path === '/') return response.setHeader('content-type', 'text/html').end(page);
  if (path === '/hls.js') return response.setHeader('content-type', 'text/javascript').end(readFileSync(hls));
  if (origin) return pass(request, response);
  const file = join(from, path);
  if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!range) return createReadStream(file).pipe(response);
  const [start, end] = [Number(range[1]), Number(range[2])];
  response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${statSync(file).size}` });
  createReadStream(file, { start, end }).pipe(response);
});

/** Hands a request on to the origin, and its answer back as it is. */
async function pass(request, response) {
  try {
    const headers = { 'accept-encoding': 'identity', ...(request.headers.range && { range: request.headers.range }) };
    const answer = await fetch(new URL(request.url, origin), { headers, redirect: 'manual' });
    if (answer.headers.has('location')) redirects++;
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) await pipeline(Readable.fromWeb(answer.body), response);
    else response.end();
  } catch {
    response.destroy(); // what broke off there breaks off here
  }
}

await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
});
try {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  const { log, ...played } = await tab.evaluate(play, { manifest, rate, patient });
  const seen = { ...played, redirects };
  console.log(JSON.stringify(seen));
  const wrong = complaints(seen);
  if (wrong.length > 0) {
    console.error([...wrong, 'hls.js:', ...log].join('\n'));
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  server.close();
}

/** Runs in the page: plays to the end, and half-way asks for another rung than the one that plays. */
function play({ manifest, rate, patient }) {
  return new Promise((resolve) => {
    const video = document.querySelector('video');
    const seen = { errors: [], short: 0, again: 0, levels: [], ended: false, switched: -1 };
    const config = { maxBufferLength: 4, maxMaxBufferLength: 4, backBufferLength: Number.POSITIVE_INFINITY };
    if (patient) {
      // By itself hls.js gives up at once on a connection that breaks, and Chromium takes a range that breaks off for whole.
      const errorRetry = { maxNumRetry: 20, retryDelayMs: 50, maxRetryDelayMs: 500, shouldRetry: (_, count) => count < 20 };
      config.fragLoadPolicy = { default: { ...window.Hls.DefaultConfig.fragLoadPolicy.default, errorRetry } };
      config.fLoader = class extends window.Hls.DefaultConfig.loader {
        load(context, policy, callbacks) {
          const onSuccess = (response, stats, of, details) => {
            const missing = context.rangeEnd ? context.rangeEnd - context.rangeStart - response.data.byteLength : 0;
            if (missing === 0) return callbacks.onSuccess(response, stats, of, details);
            seen.short += 1;
            callbacks.onError({ code: 502, text: `${missing} bytes are missing` }, of, details, stats);
          };
          super.load(context, policy, { ...callbacks, onSuccess });
        }
      };
    }
    // What hls.js did last, for when it stands still and says no more.
    const log = [];
    const note = (...words) => {
      if (log.push(`${Math.round(performance.now())} ${words.join(' ')}`) > 120) log.shift();
    };
    config.debug = { trace: note, debug: note, log: note, info: note, warn: note, error: note };
    const player = new window.Hls(config);
    const finish = () => {
      const ranges = [];
      for (let n = 0; n < video.buffered.length; n++) ranges.push([video.buffered.start(n), video.buffered.end(n)]);
      const quality = video.getVideoPlaybackQuality();
      resolve({ ...seen, ranges, duration: video.duration, at: video.currentTime, frames: quality.totalVideoFrames, log });
    };
    if (patient) {
      let [last, loading] = [-1, new Set()];
      let stirred = false;
      player.on(window.Hls.Events.FRAG_LOADING, (_, { frag }) => {
        stirred = true;
        loading.add(frag.type);
      });
      player.on(window.Hls.Events.FRAG_LOADED, (_, { frag }) => loading.delete(frag.type));
      player.on(window.Hls.Events.ERROR, (_, { frag }) => frag && loading.delete(frag.type));
      setInterval(() => {
        const idle = !stirred && loading.size === 0;
        stirred = false;
        if (video.currentTime === last && !video.ended && video.readyState < 3 && idle) {
          seen.again += 1;
          player.stopLoad();
          player.startLoad(last);
        }
        last = video.currentTime;
      }, 5_000);
    }
    // On a busy machine hls.js changes the rung by itself too, and loads a segment again whose end the sound has not reached.
    let rungs = 0;
    player.on(window.Hls.Events.LEVEL_SWITCHING, () => {
      rungs += 1;
    });
    player.on(window.Hls.Events.ERROR, (_, data) => {
      const switching = data.details === 'bufferAppendNoProgress' && rungs > 1;
      seen.errors.push(data.details + (switching ? ' after a switch' : '') + (data.fatal ? ' (fatal)' : ''));
      if (data.fatal) finish();
    });
    player.on(window.Hls.Events.FRAG_CHANGED, (_, data) => {
      const level = data.frag.level;
      if (data.frag.type === 'main' && seen.levels[seen.levels.length - 1] !== level) seen.levels.push(level);
    });
    video.addEventListener('timeupdate', () => {
      if (seen.switched >= 0 || video.currentTime < video.duration * 0.3) return;
      seen.switched = (player.currentLevel + 1) % player.levels.length;
      player.nextLevel = seen.switched;
    });
    setTimeout(finish, 120_000); // whoever started this wants to know where it stands still
    video.addEventListener('ended', () => {
      seen.ended = true;
      finish();
    });
    player.loadSource(manifest);
    player.attachMedia(video);
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    video.play();
  });
}

function complaints(seen) {
  const wrong = [];
  if (!seen.ended) wrong.push('it did not play to the end');
  if (seen.errors.some((error) => (!patient && !harmless.has(error)) || error.endsWith('(fatal)')))
    wrong.push(`hls.js complained: ${seen.errors.join(', ')}`);
  if (!seen.levels.includes(seen.switched)) wrong.push(`rung ${seen.switched} was asked for, played were ${seen.levels}`);
  // hls.js throws away what lies before a forced switch; what is left has to be one piece up to the end.
  if (seen.ranges.length !== 1) wrong.push(`there are gaps: ${JSON.stringify(seen.ranges)}`);
  if (Math.abs(seen.at - seen.duration) > 0.1) wrong.push(`ended at ${seen.at} of ${seen.duration}`);
  return wrong;
}
