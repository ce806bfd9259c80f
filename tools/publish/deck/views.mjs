// What a real Chromium says of interactive views (helpers/views/).
//
//     node views.mjs CHROMIUM JOBS.json     prints JSON: for each job, what is wrong
//
// A job: { url, count, width, height, dark, theme, deck, stubbed, shot }, all but the address optional.
// `count` views are waited for; `dark` is what the system prefers, `theme` what the page says (data-theme);
// `stubbed` are parts of addresses that the page around the views may ask for; `shot` is a picture to
// take. Every view is focused and worked by its keys, and nothing else may be asked from outside.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [executablePath, file] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function measure() {
  const bad = [];
  const slide = document.querySelector('section.present .slide');
  const views = [...document.querySelectorAll('.course-view')].filter((view) => !slide || slide.contains(view));
  for (const view of views) {
    const name = view.classList[1], frame = view.getBoundingClientRect();
    const limit = Math.min(frame.right, document.documentElement.clientWidth) + 1;
    if (view.scrollWidth > view.clientWidth + 1) bad.push(`${name} is ${view.scrollWidth} px wide in ${view.clientWidth}`);
    for (const node of view.querySelectorAll('.view-app *')) {
      if (node.closest('svg, .sv-scroll table') || !node.checkVisibility()) continue;
      const box = node.getBoundingClientRect();
      if (box.width && (box.right > limit || box.left < frame.left - 1)) {
        bad.push(`${name}: “${node.textContent.slice(0, 30)}” lies beyond it, at ${Math.round(box.left)} to ${Math.round(box.right)} of ${Math.round(limit)}`);
      }
    }
    if (slide && frame.bottom > 694) bad.push(`${name} runs into the foot of the slide, to ${Math.round(frame.bottom)} px`);
  }
  return bad;
}

async function work(page, view, bad) {  // keys, as somebody without a mouse would use them
  const name = await view.evaluate((node) => node.classList[1]);
  const said = () => view.locator('[aria-live]').innerText();
  await view.locator('[tabindex="0"]').first().focus();
  const start = await said();
  const place = () => page.evaluate(() => [[...document.querySelectorAll('.jp-Notebook-cell')].findIndex((cell) => cell.classList.contains('jp-mod-active')), window.Reveal ? Reveal.getState().indexh : '']);
  const where = JSON.stringify(await place());
  let moved = false;
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowRight', 'End', 'Home', 'ArrowDown', 'ArrowUp']) {
    const before = await said();
    await page.keyboard.press(key);
    moved ||= key === 'ArrowRight' && (await said()) !== before;
  }
  if (!moved) bad.push(`${name} does not answer to the arrow keys; it says “${start}”`);
  if (JSON.stringify(await place()) !== where) bad.push(`${name}: a key meant for the view moved the page`);
  const focused = await view.evaluate((node) => node.contains(document.activeElement));
  if (!focused) bad.push(`${name} loses the focus while its keys are used`);
}

async function judge(browser, job) {
  const bad = [], { url, width = 1280, height = 720, dark = false, theme = '', shot = '' } = job;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  const own = new URL(url);
  await context.route('**', (route) => {
    const asked = new URL(route.request().url());
    const inside = ['data:', 'blob:'].includes(asked.protocol) || (asked.protocol === own.protocol && asked.host === own.host);
    if (inside) return route.continue();
    if (!(job.stubbed || []).some((part) => asked.href.includes(part))) bad.push(`asks for ${asked.href}`);
    return route.fulfill({ body: '', contentType: 'text/javascript' });  // what the page around the views wants
  });
  context.on('console', (told) => told.type() === 'error' && bad.push(`console: ${told.text()} ${told.location().url}`));
  context.on('weberror', (found) => bad.push(`error: ${found.error().message}`));
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.course-view .view-app').first().waitFor({ state: 'attached', timeout: 60000 });
  if (job.deck) await page.waitForFunction(() => window.deckReady, null, { timeout: 60000 });
  if (job.count) await page.waitForFunction((n) => document.querySelectorAll('.view-app').length === n, job.count, { timeout: 30000 });
  await page.evaluate((name) => {
    if (name) document.documentElement.dataset.theme = name;
  }, theme);
  await page.evaluate(AXE);
  const seen = [], look = async (part) => {
    for (const sentence of await page.evaluate(measure)) bad.push(sentence);
    const found = await page.evaluate((selector) => window.axe.run(selector, { resultTypes: ['violations'] }), part);
    for (const { impact, help, nodes } of found.violations) {
      if (['serious', 'critical'].includes(impact)) bad.push(`${help}: ${nodes.map((n) => n.html.slice(0, 80)).join(' | ')}`);
    }
  };
  const visit = async (views) => {
    for (const view of await views.all()) {
      seen.push(await view.evaluate((node) => [node.classList[1], getComputedStyle(node).backgroundColor]));
      await view.scrollIntoViewIfNeeded();
      await work(page, view, bad);
    }
  };
  if (job.deck) {
    for (let n = await page.evaluate(() => Reveal.getTotalSlides()); n > 0; n--) {
      while (await page.evaluate(() => Reveal.availableFragments().next)) await page.evaluate(() => Reveal.next());
      const views = page.locator('section.present .course-view');
      if (await views.count()) {
        await visit(views);
        await look('section.present .course-view');
        if (shot) await page.screenshot({ path: shot.replace('.png', `-${n}.png`) });
      }
      await page.evaluate(() => Reveal.next());
    }
  } else {
    await visit(page.locator('.course-view'));
    await look('.course-view');
    if (shot) await page.screenshot({ path: shot, fullPage: true });
  }
  await context.close();
  return { url, seen, bad: [...new Set(bad)] };
}

const browser = await chromium.launch({ executablePath, args });
try {
  const found = [];
  for (const job of JSON.parse(readFileSync(file, 'utf8'))) found.push(await judge(browser, job));
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
