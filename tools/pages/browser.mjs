// What a real Chromium says of pages of the site.
//
//     node browser.mjs CHROMIUM BASE PAGE...           prints JSON: what is wrong with each page
//     node browser.mjs CHROMIUM BASE 'search.html?q=…' the same, and the titles that were found
//
// BASE is the address of the site's folder; no page may ask for anything outside of it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const packages = createRequire(new URL('../reveal/package.json', import.meta.url));
const { chromium } = packages('playwright-core');
const AXE = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const DESKTOP = { width: 1280, height: 800 }, PHONE = { width: 390, height: 800 };

// --- within the page ---

const audit = async (rules) => {
  const { violations } = await window.axe.run(document, { runOnly: rules, preload: false });
  return violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .map((found) => `${found.help}: ${found.nodes.map((node) => node.html.slice(0, 80)).join(' | ')}`);
};

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

async function check(browser, base, page, scheme) {
  const told = [];
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: scheme });
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
  const seen = await tab.evaluate(look);
  await tab.evaluate(AXE);
  const barriers = await tab.evaluate(audit, RULES);
  const views = [];
  for (const view of await tab.locator('.step-player, .hover-viewer').all()) {
    const before = await view.innerText();
    await view.locator('[tabindex]').first().focus();
    await tab.keyboard.press('ArrowRight');
    views.push((await view.innerText()) !== before);
  }
  await tab.setViewportSize(PHONE);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  await context.close();
  if (wide > PHONE.width) told.push(`is ${wide} px wide on a phone`);
  return { page, scheme, told: [...new Set(told)], barriers, views, ...seen };
}

const [executablePath, base, ...pages] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
try {
  const found = [], waiting = pages.flatMap((page) => [[page, 'light'], [page, 'dark']]);
  const worker = async () => {
    while (waiting.length) found.push(await check(browser, base, ...waiting.shift()));
  };
  await Promise.all([worker(), worker()]);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
