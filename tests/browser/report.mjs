// Opens a report as a reader would and says what fails. Usage: node report.mjs FOLDER (holding run/ and report.html)
import fs from "node:fs";
import path from "node:path";
import puppeteer from "puppeteer-core";

const folder = process.argv[2];
let passed = 0, failed = 0;
const check = (what, good, more = "") => {
  if (good) passed++;
  else { failed++; console.log(`FAILED: ${what} ${more}`); }
};

const browser = await puppeteer.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
const problems = [], requests = [];
page.on("console", (m) => { if (["error", "warning"].includes(m.type())) problems.push(m.text()); });
page.on("pageerror", (e) => problems.push(String(e)));
page.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) requests.push(r.url()); });
await page.setViewport({ width: 1280, height: 900 });
const file = path.join(folder, "report.html");
await page.goto(`file://${file}`);
await page.waitForSelector('[data-chart="ride"] svg');

const charts = await page.$$eval("[data-chart]", (all) => all.map((c) => [c.dataset.chart, c.querySelectorAll("svg path").length, c.getAttribute("aria-label")]));
for (const name of ["ride", "scorecard", "reliability", "keyholder", "burden", "network", "whatif"]) check(`the report has ${name}`, charts.some((c) => c[0] === name), String(charts.map((c) => c[0])));
for (const [name, paths, label] of charts) {
  check(`${name} is drawn`, paths > 10, `${paths} paths`);
  check(`${name} has a text alternative`, label.length > 20);
}
check("under 3 MB", fs.statSync(file).size < 3e6, `${fs.statSync(file).size} bytes`);

// schools on and off
const lines = () => page.$$eval('[data-chart="ride"] svg path', (all) => all.filter((p) => (p.getAttribute("stroke") ?? "").toUpperCase() === "#0072B2").length);
const before = await lines();
check("realism is drawn", before > 0);
await page.click('input[value="realism"]');
check("realism can be switched off", (await lines()) === 0);
await page.click('input[value="realism"]');
check("and on again", (await lines()) === before);

// the slider, by keyboard, and play
const year = () => page.$eval('#network .tools output', (o) => o.textContent);
const last = await year();
await page.focus('#network .tools input[type=range]');
await page.keyboard.press("ArrowLeft");
const earlier = await year();
check("the slider moves back in time", earlier < last, `${earlier} ${last}`);
const heading = () => page.$eval('[data-chart="network"]', (c) => c.textContent);
check("the network shows that date", (await heading()).includes(earlier));
await page.focus('#network .tools button');
await page.keyboard.press("Enter");
await new Promise((done) => setTimeout(done, 1000));
check("play moves on", (await year()) === last, await year());

// metric, proposal and colours
await page.select('#ride .tools select', "cooperation_within_NATO");
check("another metric can be chosen", (await page.$eval("#ride .title", (c) => c.textContent)).includes("among members of NATO"));
const places = () => page.$$eval('[data-chart="ride"] svg text', (all) => Object.fromEntries(all.filter((t) => t.textContent.startsWith("Cooperation")).map((t) => [t.textContent, t.getBoundingClientRect().top])));
const among = await places(), others = Object.entries(among).filter(([words]) => !words.includes("among members of NATO"));
check("the metric chosen above is drawn above", others.length > 0 && others.every(([, y]) => y > among["Cooperation among members of NATO"]), JSON.stringify(among));
const network = () => page.$eval("#network", (s) => [".title", ".canvas"].map((q) => (q === ".title" ? s.querySelector(q).textContent : s.querySelector(q).getAttribute("aria-label"))));
const tied = await network();
await page.select("#network .tools select", "image");
const imaged = await network();
check("another tie has another title and other words", imaged.every((words, i) => words !== tied[i]) && imaged[0].toLowerCase().includes("image"), imaged.join(" | "));
await page.select("#network .tools select", "cooperation");
check("and the first one comes back", (await network()).join() === tied.join());
await page.select('#keyholder .tools select', "1");
for (const theme of ["dark", "print", "light"]) await page.select("#theme", theme);

// hovering shows values
await page.$eval('[data-chart="ride"]', (c) => c.scrollIntoView({ block: "center", behavior: "instant" }));
await new Promise((done) => setTimeout(done, 300));
const box = await (await page.$('[data-chart="ride"]')).boundingBox();
await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.7);
await new Promise((done) => setTimeout(done, 400));
check("hovering shows values", (await page.$eval('[data-chart="ride"]', (c) => c.textContent)).includes("constructivism 0"));

// the tab key reaches every control
await page.focus(".skip");
const reached = new Set();
for (let i = 0; i < 80; i++) {
  await page.keyboard.press("Tab");
  reached.add(await page.evaluate(() => document.activeElement.name || document.activeElement.type || document.activeElement.tagName));
}
for (const control of ["school", "select-one", "range", "button"]) check(`the tab key reaches ${control}`, reached.has(control), [...reached].join());

// the values are those of the tables
const data = { ride: await page.evaluate(() => twainView.views.get(document.getElementById("ride")).data) };
const rows = fs.readFileSync(path.join(folder, "run", "summary.csv"), "utf8").trim().split("\n").slice(1).map((l) => l.split(","));
const table = new Map(rows.map((r) => [`${r[0]} ${r[1]} ${r[3]}`, r]));
let compared = 0, unequal = 0;
for (const panel of data.ride.panels) {
  for (const series of panel.series) {
    data.ride.dates.forEach((date, i) => {
      const row = table.get(`${series.theory} ${date} ${panel.metric}`);
      for (const [key, column] of [["mean", 5], ["q10", 9], ["q90", 11]]) {
        const shown = series[key][i], written = row && row[column] !== "" ? Number(row[column]) : null;
        compared++;
        if ((shown === null) !== (written === null) || (shown !== null && Math.abs(shown - written) > 5.1e-5)) unequal++;
      }
    });
  }
}
check("values equal the table's", compared > 1000 && unequal === 0, `${unequal} of ${compared}`);

// another proposal has its own title
const title = () => page.$eval("#keyholder .title", (c) => c.textContent);
const first = await title();
await page.select("#keyholder .tools select", "0");
check("another proposal has another title", (await title()) !== first, first);

// a phone, a tablet, a laptop: nothing sticks out, and every chart is drawn anew at its width
for (const width of [390, 700, 1280]) {
  await page.setViewport({ width, height: 800 });
  await new Promise((done) => setTimeout(done, 900));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`nothing sticks out at ${width}`, overflow <= 1, `${overflow} px`);
  for (const [name, paths] of await page.$$eval("[data-chart]", (all) => all.map((c) => [c.dataset.chart, c.querySelectorAll("svg path").length]))) check(`${name} is drawn at ${width}`, paths > 10, `${paths} paths`);
  await page.screenshot({ path: path.join(process.env.PICTURES ?? folder, `report-${width}.png`), fullPage: true });
}
// from a vote to its trace
check("votes lead to their traces", (await page.$$("[data-trace]")).length > 0);
const shownTrace = await page.evaluate(() => { const b = document.querySelector("details[open] [data-trace]"); b.click(); return b.closest("details").querySelector(".trace:not([hidden])")?.textContent ?? ""; });
check("a vote chosen shows the command that takes it apart, with the scenario's folder", /^twain explain scenarios\/nato-csto\.toml --theory \S+ --who [A-Z]{3} --what vote --when \d{4}/.test(shownTrace), shownTrace);
// no school, no picture of all
for (const box of await page.$$("input[name=school]")) await box.click();
check("without schools nothing is drawn as if all were there", (await page.$eval("#ride .canvas", (c) => c.textContent)).length > 0 && (await lines()) === 0);
for (const box of await page.$$("input[name=school]")) await box.click();

await page.setViewport({ width: 1280, height: 900 });
await page.screenshot({ path: path.join(folder, "screenshot.png"), fullPage: true });
check("a screenshot is taken", fs.statSync(path.join(folder, "screenshot.png")).size > 100000);
// on paper: everything unfolded, no heading over what stands before it
await page.emulateMediaType("print");
const paper = await page.evaluate(() => {
  dispatchEvent(new Event("beforeprint"));
  const folded = document.querySelectorAll("details:not([open]):not(.secret)").length, inputs = document.querySelectorAll("#assumptions details[open] tbody tr").length;
  const over = [];
  for (const canvas of document.querySelectorAll("[data-chart]")) {
    const end = canvas.getBoundingClientRect().bottom, caption = canvas.parentElement.querySelector(".caption").getBoundingClientRect().top;
    if (caption < end - 1 || canvas.querySelector("svg").getBoundingClientRect().bottom > caption + 1) over.push(canvas.dataset.chart);
  }
  const heads = [...document.querySelectorAll("main h2")].map((h) => h.getBoundingClientRect());
  const touching = heads.filter((h, i) => i > 0 && h.top < heads[i - 1].bottom).length;
  dispatchEvent(new Event("afterprint"));
  return { folded, inputs, over, touching };
});
await page.emulateMediaType("screen");
check("paper has the assumptions, unfolded", paper.folded === 0 && paper.inputs > 50, JSON.stringify(paper));
check("on paper nothing lies over anything", paper.over.length === 0 && paper.touching === 0, JSON.stringify(paper));
const pdf = await page.pdf({ format: "A4" });
check("it prints", pdf.length > 50000);
// pages of other results say what their runs show, or have no such heading
for (const name of ["whatif", "sweep"]) {
  const other = await browser.newPage();
  await other.goto(`file://${path.join(folder, `${name}.html`)}`);
  const words = await other.$$eval("#summary", (all) => all.map((s) => s.querySelectorAll("p").length));
  check(`the page of ${name} has no empty summary`, words.every((n) => n > 0), words.join());
  check(`the page of ${name} draws`, (await other.$$eval("[data-chart] svg path", (all) => all.length)) > 10);
  await other.close();
}
check("no console message", problems.length === 0, problems.join(" | "));
check("no network request", requests.length === 0, requests.join(" | "));
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
