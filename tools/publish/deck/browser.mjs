// What a real Chromium says of decks.
//
//     node browser.mjs check CHROMIUM DECK...          prints JSON: what is wrong with each deck
//     node browser.mjs print CHROMIUM DECK PDF         prints a deck, one page for each slide
//     node browser.mjs present CHROMIUM DECK           prints JSON: what a lecturer's keys do
//     node browser.mjs shots CHROMIUM DECK FOLDER      a picture of every slide, all steps shown
//
// No page here may ask for anything but its own file.

import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const SIZE = { width: 1280, height: 720 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// --- within the page; `bad` collects sentences ---

function inspect() {
  const SMALLEST = 18, SMALLEST_IN_VIEW = 14, SHRUNK = 0.7, FOOT = 694;
  const bad = [], slide = Reveal.getCurrentSlide(), frame = slide.querySelector('.slide');
  const name = (node) => `<${node.tagName.toLowerCase()}> ${(node.textContent || node.alt || '').trim().slice(0, 40)}`;
  if (frame.scrollHeight > 720) bad.push(`is ${frame.scrollHeight} px high, not 720`);
  if (frame.scrollWidth > 1280) bad.push(`is ${frame.scrollWidth} px wide, not 1280`);
  const boxes = [];
  for (const node of frame.querySelectorAll('*')) {
    if (node.closest('svg') !== null && node.tagName !== 'svg') continue;
    if (node.closest('mjx-assistive-mml, style, script') || !node.checkVisibility()) continue;
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if (node.closest('pre') !== null && node.tagName !== 'PRE') continue;
    if (box.right > 1281 || box.bottom > 721 || box.left < -1 || box.top < -1) {
      bad.push(`${name(node)} lies beyond the slide, at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
    }
    const clips = node.tagName === 'PRE' || getComputedStyle(node).overflowX !== 'visible';
    if (clips && node.scrollWidth > node.clientWidth + 1) {
      bad.push(`${name(node)} has to be scrolled to the right`);
    }
    if (node.scrollHeight > node.clientHeight + 1 && getComputedStyle(node).overflowY !== 'visible') {
      bad.push(`${name(node)} has to be scrolled down`);
    }
    if (node.classList.contains('part')) {
      if (box.bottom > FOOT) bad.push(`${name(node)} runs into the foot of the slide, to ${Math.round(box.bottom)}`);
    }
    if (node.parentElement.classList.contains('part')) boxes.push([node, box]);
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    const scale = slide.getBoundingClientRect().width / 1280;
    const smallest = node.closest('.view') ? SMALLEST_IN_VIEW : SMALLEST;
    const zoom = node.currentCSSZoom || 1;
    if (own && parseFloat(getComputedStyle(node).fontSize) * scale * zoom < smallest) {
      bad.push(`${name(node)} is set in ${getComputedStyle(node).fontSize}, less than ${smallest}px`);
    }
    if (own && !node.closest('pre, code, .view, svg') && /\$|\\[a-z]{2,}/.test(node.textContent)) {
      bad.push(`${name(node)} shows math that was not set`);
    }
    if (node.tagName === 'IMG') {
      const shown = Math.min(box.width / node.naturalWidth, box.height / node.naturalHeight);
      if (!node.alt || node.alt.trim().length < 20) bad.push('has a picture without alt text');
      if (!(shown >= SHRUNK)) bad.push(`shows its picture at ${Math.round(100 * shown)}% of its size`);
    }
  }
  for (const [i, [one, a]] of boxes.entries()) {
    for (const [other, b] of boxes.slice(i + 1)) {
      if (one.parentElement === other.parentElement) continue;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) {
        bad.push(`${name(one)} lies upon ${name(other)}`);
      }
    }
  }
  if (slide.querySelector('[data-mml-node="merror"]')) bad.push('has math that MathJax cannot read');
  return bad;
}

const advance = () => {
  const before = JSON.stringify(Reveal.getState());
  Reveal.next();
  return JSON.stringify(Reveal.getState()) !== before;
};

// axe cannot tell a color where another element lies above, and reads all that is there, hidden or
// not; so only the slide is left for it.
async function axe(page) {
  return page.evaluate(async () => {
    const others = document.querySelectorAll('.reveal .slides > section:not(.present), .reveal > :not(.slides)');
    const places = [...others].map((node) => [node, document.createComment('')]);
    for (const [node, place] of places) node.replaceWith(place);
    const told = await window.axe.run(Reveal.getCurrentSlide(), { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] });
    for (const [node, place] of places) place.replaceWith(node);
    const unsure = told.incomplete.filter((v) => JSON.stringify(v.nodes).includes('overlapped by another'));
    return [...told.violations, ...unsure].map((v) => `${v.help}: ${v.nodes.map((n) => n.html.slice(0, 80)).join(' | ')}`);
  });
}

// --- with the browser ---

async function open(browser, deck, query = '') {
  const told = [], address = pathToFileURL(resolve(deck)).href;
  const context = await browser.newContext({ viewport: SIZE });
  context.on('request', (asked) => {
    if (!asked.url().startsWith('data:') && asked.url().split(/[?#]/)[0] !== address) told.push(`asks for ${asked.url()}`);
  });
  context.on('console', (said) => ['error', 'warning'].includes(said.type()) && told.push(`console: ${said.text()}`));
  context.on('weberror', (found) => told.push(`error: ${found.error().message}`));
  const page = await context.newPage();
  await page.goto(address + query);
  await page.waitForFunction(() => window.deckReady, null, { timeout: 60000 });
  return { page, told };
}

async function check(browser, deck) {
  const { page, told } = await open(browser, deck);
  await page.evaluate(AXE);
  const slides = [];
  for (let more = true; more; ) {
    const state = await page.evaluate(() => ({
      id: Reveal.getCurrentSlide().id,
      text: Reveal.getCurrentSlide().querySelector('.slide').innerText,
      notes: Reveal.getSlideNotes() || '',
      math: Reveal.getCurrentSlide().querySelectorAll('mjx-container svg').length,
      first: Reveal.isFirstSlide(),
      last: Reveal.isLastSlide(),
    }));
    const wrong = new Set();
    for (let here = true; here && more; ) {
      for (const sentence of await page.evaluate(inspect)) wrong.add(sentence);
      const left = await page.evaluate(() => Reveal.availableFragments().next);
      if (!left) for (const sentence of await axe(page)) wrong.add(sentence);
      more = await page.evaluate(advance);
      here = left;
    }
    slides.push({ ...state, wrong: [...wrong] });
  }
  await page.context().close();
  return { deck, told: [...new Set(told)], slides };
}

async function print(browser, deck, pdf) {
  const { page, told } = await open(browser, deck, '?print-pdf');
  // reveal.js lays the pages out some time after it is ready
  await page.waitForFunction(() => {
    const pages = document.querySelectorAll('.slides .pdf-page');
    return pages.length > 0 && [...document.querySelectorAll('.slides section:not(:has(section))')].every((slide) => slide.closest('.pdf-page'));
  }, null, { timeout: 60000 });
  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
  if (told.length) throw new Error(told.join('; '));
}

// Arrow keys from the first slide to the last, keys within each view, then S for the notes.
async function present(browser, deck) {
  const { page, told } = await open(browser, deck);
  const seen = [], stolen = [];
  const here = () => page.evaluate(() => ({
    id: Reveal.getCurrentSlide().id,
    shown: Reveal.getCurrentSlide().querySelectorAll('.fragment.visible').length,
    end: Reveal.isLastSlide() && !Reveal.availableFragments().next,
    view: !!Reveal.getCurrentSlide().querySelector('.view [tabindex]'),
  }));
  for (let state = await here(); ; state = await here()) {
    seen.push([state.id, state.shown]);
    if (state.view) {
      const view = page.locator('section.present .view');
      const before = await view.innerText();
      await view.locator('[tabindex]').first().focus();
      await page.keyboard.press('ArrowRight');
      if ((await here()).id !== state.id) stolen.push(`${state.id}: a key meant for the view turned the slide`);
      if ((await view.innerText()) === before) stolen.push(`${state.id}: the view does not answer to the arrow keys`);
      await page.evaluate(() => document.activeElement.blur());
    }
    if (state.end) break;
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Home');
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opened;
  const notes = speaker.locator('.speaker-controls-notes .value');
  await notes.filter({ hasText: /\S/ }).waitFor();
  const read = await notes.innerText();
  await page.context().close();
  return { seen, stolen, told, notes: read };
}

async function shots(browser, deck, folder) {
  const { page } = await open(browser, deck);
  mkdirSync(folder, { recursive: true });
  for (let number = 1, more = true; more; number++) {
    while (await page.evaluate(() => Reveal.availableFragments().next)) await page.evaluate(advance);
    await page.screenshot({ path: join(folder, `${String(number).padStart(2, '0')}.png`) });
    more = await page.evaluate(advance);
  }
}

const [task, executablePath, ...files] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
try {
  if (task === 'check') {
    const found = [], waiting = [...files.entries()];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await check(browser, next[1]);
    };
    await Promise.all([worker(), worker()]);
    console.log(JSON.stringify(found));
  } else if (task === 'present') {
    console.log(JSON.stringify(await present(browser, ...files)));
  } else if (task === 'print') {
    await print(browser, ...files);
  } else if (task === 'shots') {
    await shots(browser, ...files);
  } else {
    throw new Error(`no task is called ${task}: there are check, print, present and shots`);
  }
} finally {
  await browser.close();
}
