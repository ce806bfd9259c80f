// What a real Chromium says of pages of the site.
//
//     node browser.mjs CHROMIUM BASE PAGE...           prints JSON: each page in light, then in dark
//     node browser.mjs CHROMIUM BASE 'search.html?q=…' the same, and the titles that were found
//
// BASE is the address of the site's folder; no page may ask for anything outside of it. A page is
// opened once, in light, and turns dark while it is open. All rules judge it in light; in the dark,
// where only colours are other, only the rule of contrast does.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const packages = createRequire(new URL('../deck/package.json', import.meta.url));
const { chromium } = packages('playwright-core');
const AXE = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const SCHEMES = { light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], dark: ['color-contrast'] };
const DESKTOP = { width: 1280, height: 800 }, PHONE = { width: 390, height: 800 };

// --- within the page ---

const audit = async (rules) => {
  const { violations } = await window.axe.run(document, { runOnly: rules, preload: false });
  return violations.map((found) => `${found.help}: ${found.nodes.map((node) => node.html.slice(0, 80)).join(' | ')}`);
};

// thousands of words of code have some twenty classes, and colours follow from the class: let the
// first of each be judged, and the others be plain text of their block
const thin = () => {
  const known = new Set();
  for (const word of document.querySelectorAll('.highlight pre span[class]')) {
    if (known.has(word.className)) word.replaceWith(...word.childNodes);
    known.add(word.className);
  }
};

const turned = (scheme) => document.documentElement.dataset.theme === scheme && !document.getAnimations().length;

const look = () => ({
  theme: document.documentElement.dataset.theme,
  ground: getComputedStyle(document.body).backgroundColor,
  math: document.querySelectorAll('mjx-container svg').length,
  unset: document.querySelectorAll('.math').length - document.querySelectorAll('.math mjx-container').length,
  wrong: document.querySelectorAll('[data-mml-node="merror"]').length,
  broken: [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src),
  open: document.querySelectorAll('article details[open]').length,
  found: [...document.querySelectorAll('#search-results li a')].map((link) => link.textContent.trim()),
});

// --- with the browser ---

async function check(browser, base, page) {
  const told = [];
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: 'light', reducedMotion: 'reduce' });
  context.on('request', (asked) => {
    const url = asked.url();
    if (!url.startsWith(base) && !/^(data|blob):/.test(url)) told.push(`asks for ${url}`);
  });
  context.on('requestfailed', (asked) => told.push(`does not get ${asked.url()}`));
  context.on('console', (said) => ['error', 'warning'].includes(said.type()) && told.push(`console: ${said.text()}`));
  context.on('weberror', (found) => told.push(`error: ${found.error().message}`));
  const tab = await context.newPage();
  await tab.goto(base + page);
  await tab.evaluate(() => window.MathJax?.startup?.promise);
  if (page.includes('?q=')) await tab.locator('#search-results li a').first().waitFor({ timeout: 10000 });
  await tab.evaluate(AXE);
  await tab.evaluate(thin);
  const seen = [];
  for (const [scheme, rules] of Object.entries(SCHEMES)) {
    await tab.emulateMedia({ colorScheme: scheme });
    await tab.waitForFunction(turned, scheme, { timeout: 10000 });
    seen.push({ page, scheme, ...(await tab.evaluate(look)), barriers: await tab.evaluate(audit, rules) });
  }
  const views = [];
  for (const view of await tab.locator('.course-view').all()) {
    const before = await view.innerText();
    await view.locator('[tabindex]').first().focus();
    await tab.keyboard.press('ArrowRight');
    views.push((await view.innerText()) !== before);
  }
  await tab.setViewportSize(PHONE);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  await context.close();
  if (wide > PHONE.width) told.push(`is ${wide} px wide on a phone`);
  return seen.map((one) => ({ ...one, told: [...new Set(told)], views }));
}

const [executablePath, base, ...pages] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
try {
  const found = [], waiting = [...pages.entries()];
  const worker = async () => {  // two at a time, as there are cores
    for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await check(browser, base, next[1]);
  };
  await Promise.all([worker(), worker()]);
  console.log(JSON.stringify(found.flat()));
} finally {
  await browser.close();
}
