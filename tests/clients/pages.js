// Opens pages on a small phone whose browser runs no script, uses their forms, and looks at each
// page with axe: `[{ page, language, type, check, choose, send }]` becomes what was there before and after.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import puppeteer from "puppeteer-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const SMALL = { width: 360, height: 640, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
try {
  const visits = [];
  for (const asked of JSON.parse(await text(process.stdin))) visits.push(await visit(asked));
  console.log(JSON.stringify(visits));
} finally {
  await browser.close();
}

async function visit({ page: address, language, type = {}, check = [], choose = {}, send }) {
  const page = await browser.newPage();
  await page.setViewport(SMALL);
  await page.setJavaScriptEnabled(false);
  await page.setExtraHTTPHeaders({ "accept-language": language });
  const before = await look(page, await page.goto(address));
  for (const [field, words] of Object.entries(type)) await page.type(field, words);
  for (const box of check) await page.click(box);
  for (const [field, file] of Object.entries(choose)) await (await page.$(field)).uploadFile(file);
  if (!send) return { before };
  const [response] = await Promise.all([page.waitForNavigation(), page.click(send)]);
  return { before, after: await look(page, response) };
}

// What was loaded and used without scripts is looked at by one, as soon as it stands.
async function look(page, response) {
  const content = await response.buffer();
  await page.setJavaScriptEnabled(true);
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => ({
    violations: (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)]),
    language: document.documentElement.lang,
    width: document.documentElement.scrollWidth,
    heading: document.querySelector("h1").textContent,
    small: [...document.querySelectorAll("button, a.button, input:not([type=hidden], [type=checkbox])")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
      .map((one) => one.outerHTML),
  }));
  await page.setJavaScriptEnabled(false);
  return { address: page.url(), status: response.status(), bytes: content.length, ...found };
}
