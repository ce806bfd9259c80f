// Draws in a view as a reader would, by mouse, finger and keys, in a real Chromium.
//
//     node browser_draw.mjs CHROMIUM DECK JOBS.json     prints JSON: for each job, what was read
//
// DECK is the folder with playwright-core. A job: { url, acts, width, height, touch, still, deck, count, stubbed },
// all but the first two optional; `still` asks for reduced motion, `count` views are waited for, `stubbed` are
// parts of addresses that the page around the views may ask for. An act is
// ["mouse", points] or ["touch", points], a stroke through points [x, y], each named by labels of the axes;
// ["key", name, times]; ["click", selector]; ["focus", selector]; ["read"], which adds what is seen to the result.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [executablePath, deck, file] = process.argv.slice(2);
const { chromium } = createRequire(`${deck}/views.mjs`)('playwright-core');
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function middles(scene) {  // of the labels on each axis, in the window
  const found = { x: {}, y: {} };
  for (const node of scene.querySelectorAll('text')) {
    const box = node.getBoundingClientRect(), axis = node.getAttribute('text-anchor') === 'end' ? 'y' : 'x';
    found[axis][node.textContent] = axis === 'x' ? box.x + box.width / 2 : box.y + box.height / 2;
  }
  return found;
}

function look(view) {
  const labels = [view, ...view.querySelectorAll('[aria-label]')].map((node) => node.getAttribute('aria-label'));
  return {
    said: view.querySelector('[aria-live]').innerText.trim(),
    all: view.querySelector('.view-app').innerText + labels.join(' '),
    measured: view.querySelectorAll('.yd-scene .yd-measured .yd-line').length,
    animation: [...view.querySelectorAll('.yd-scene svg')].map((svg) => getComputedStyle(svg).animationName).join(),
    place: [[...document.querySelectorAll('.jp-Notebook-cell')].findIndex((cell) => cell.classList.contains('jp-mod-active')),
      window.Reveal ? Reveal.getState().indexh : '', Math.round(scrollY)].join(),
  };
}

async function settle(page, scene) {  // JupyterLab, under load, goes on moving what it has shown: wait until a second has seen nothing move
  await scene.scrollIntoViewIfNeeded();
  const where = async () => JSON.stringify(await scene.boundingBox());
  for (let still = 0, last = await where(), n = 0; still < 4 && n < 120; n++) {
    await page.waitForTimeout(250);
    const now = await where();
    still = now === last ? still + 1 : 0;
    last = now;
  }
}

async function draw(page, scene, kind, points) {
  if (page.url().includes('/lab/')) await settle(page, scene);
  else await scene.scrollIntoViewIfNeeded();
  const on = await scene.evaluate(middles);
  const [first, ...rest] = points.map(([x, y]) => ({ x: on.x[x], y: on.y[y] }));
  const between = (a, b) => [1, 2, 3, 4].map((n) => ({ x: a.x + (b.x - a.x) * n / 4, y: a.y + (b.y - a.y) * n / 4 }));
  const path = rest.flatMap((to, n) => between([first, ...rest][n], to));
  if (kind === 'mouse') {
    await page.mouse.move(first.x, first.y);
    await page.mouse.down();
    for (const { x, y } of path) await page.mouse.move(x, y);
    return page.mouse.up();
  }
  const finger = await page.context().newCDPSession(page);
  const send = (type, ...touchPoints) => finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  await send('touchStart', first);
  for (const point of path) await send('touchMove', point);
  await send('touchEnd');
}

async function work(browser, job) {
  const { url, acts, width = 960, height = 720, touch = false, still = false } = job, read = [], bad = [];
  const reducedMotion = still ? 'reduce' : 'no-preference';
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: touch, reducedMotion });
  const own = new URL(url);
  await context.route('**', (route) => {
    const asked = new URL(route.request().url());
    if (['data:', 'blob:'].includes(asked.protocol) || (asked.protocol === own.protocol && asked.host === own.host)) return route.continue();
    if (!(job.stubbed || []).some((part) => asked.href.includes(part))) bad.push(`asks for ${asked.href}`);
    return route.fulfill({ body: '', contentType: 'text/javascript' });
  });
  context.on('weberror', (found) => bad.push(`error: ${found.error().message}`));
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.you-draw-it .view-app').first().waitFor({ state: 'attached', timeout: 60000 });
  if (job.count) await page.waitForFunction((n) => document.querySelectorAll('.view-app').length === n, job.count, { timeout: 30000 });
  if (job.deck) {
    await page.waitForFunction(() => window.deckReady, null, { timeout: 60000 });
    for (let n = 0; n < 60 && !(await page.locator('section.present .fragment.visible .you-draw-it, section.present :not(.fragment) > .you-draw-it').count()); n++) {
      await page.evaluate(() => Reveal.next());
    }
  }
  const view = page.locator(job.deck ? 'section.present .you-draw-it' : '.you-draw-it').first(), scene = view.locator('.yd-scene');
  for (const [act, ...what] of acts) {
    if (act === 'read') read.push(await view.evaluate(look));
    else if (act === 'key') for (let n = 0; n < (what[1] ?? 1); n++) await page.keyboard.press(what[0]);
    else if (act === 'click') await view.locator(what[0]).click();
    else if (act === 'focus') await view.locator(what[0]).focus();
    else await draw(page, scene, act, what[0]);
  }
  await context.close();
  return { read, bad };
}

const browser = await chromium.launch({ executablePath, args });
try {
  const found = [];
  for (const job of JSON.parse(readFileSync(file, 'utf8'))) found.push(await work(browser, job));
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
