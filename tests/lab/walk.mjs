// Walks through the laboratory as a class would: with mouse, keyboard and a phone's width, to the end of a game, and holds
// the numbers shown to those of the native run. Usage: node walk.mjs FOLDER PICTURES
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const [folder, pictures] = process.argv.slice(2);
fs.mkdirSync(pictures, { recursive: true });
let passed = 0, failed = 0;
const check = (what, good, more = "") => {
  if (good) passed++;
  else { failed++; console.log(`FAILED: ${what} ${more}`); }
};
const csv = (where, table) => {
  const [head, ...rows] = fs.readFileSync(path.join(folder, where, table), "utf8").trim().split("\n").map((l) => l.split(","));
  return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
};

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const problems = [], requests = [];
async function open(file, options = {}, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(180000);
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) problems.push(`${file}: ${m.text()}`); });
  page.on("pageerror", (e) => problems.push(`${file}: ${e}`));
  page.on("request", (r) => { if (!/^(file|data|blob):/.test(r.url())) requests.push(r.url()); });
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.long.push(Math.round(e.duration)); }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(`file://${path.join(folder, file)}${hash}`);
  await page.waitForFunction(() => window.twainLab?.at);
  return page;
}
const settled = (page, station) => page.waitForFunction((s) => window.twainLab.at === s && !/…$/.test(document.getElementById("progress").textContent), station);
const text = (page, selector) => page.$eval(selector, (e) => e.innerText);
const shot = (page, name) => page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
const rail = async (page, station) => { await page.click(`#rail a[data-go=${station}]`); await settled(page, station); };
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// 1: bets, by mouse; three runs, as the native program was asked for
const page = await open("nato-csto.html", {}, "#question?n=3");
check("the file is at most 3 MB", fs.statSync(path.join(folder, "nato-csto.html")).size < 3e6);
check("the first station asks for bets", (await page.$$("#bets .bet")).length > 6);
await page.$eval("#bet-framework", (e) => { e.value = 20; e.dispatchEvent(new Event("input")); });
await page.selectOption("#bet-refuser", "USA");
for (const select of await page.$$("#bets select:not(#bet-refuser)")) await select.selectOption("-");
for (const range of (await page.$$("#bets input[type=range]")).slice(1)) await range.evaluate((e) => { e.value = 70; e.dispatchEvent(new Event("input")); });
await shot(page, "1-question");

// 2: play Kyrgyzstan to the end, choices by keyboard
await page.click("[data-next=play]");
await page.selectOption("#me", "KGZ");
await page.selectOption("#them", "realism");
await page.click("#begin");
let turns = 0;
for (; turns < 60; turns++) {
  await page.waitForFunction(() => /yours|over/.test(document.getElementById("progress").textContent) && document.activeElement !== document.body);
  if (/over/.test(await text(page, "#progress"))) break;
  const before = await text(page, "#progress");
  if (turns === 1) await shot(page, "2-play");
  await page.focus("#game .card:last-child .choices button:nth-child(2)");
  await page.keyboard.press("Enter");
  await page.waitForFunction((b) => document.getElementById("progress").textContent !== b, before);
}
const mistake = await text(page, "#mistake");
check("the game raises no mistake", mistake === "", mistake);
check("a state is played to the end", turns > 2 && turns < 60, `${turns} turns`);
check("its story is told", (await page.$$("#story li")).length >= turns);
const game = await page.evaluate(() => JSON.parse(new URLSearchParams(location.hash.split("?")[1]).get("moves")));
check("every choice is kept in the address", game.length === turns, `${game.length} of ${turns}`);
check("none of them went unheard", !(await text(page, "#game")).includes("never came up"), await text(page, "#game"));
await shot(page, "2-end");

// the other way round: a choice changes the run
const yes = await page.evaluate(async () => {
  const pool = twainPool, base = pool.world({});
  const life = await pool.ask(base, "life", "realism", 0, "USA");
  const vote = life.moments.find((m) => m.what === "vote" && !m.yes);
  const given = pool.world({ decisions: `[[decision]]\nwho = "USA"\nwhat = "vote"\nwhen = "${vote.date}"\nchoose = "agree"\n` });
  const after = await pool.ask(given, "life", "realism", 0, "USA");
  return [vote.date, after.moments.find((m) => m.what === "vote" && m.date === vote.date)?.yes, after.met];
});
check("a vote given from outside is cast", yes[1] === true && yes[2].length === 1, JSON.stringify(yes));

// 3: the schools; every number of the picture is the native one
await rail(page, "schools");
const ride = await page.evaluate(() => twainView.views.get(document.getElementById("chart-ride")).data);
const table = new Map([...csv("run", "summary.csv"), ...csv("neutral", "summary.csv")].map((r) => [`${r.theory} ${r.date} ${r.metric}`, r]));
let compared = 0, unequal = 0;
for (const panel of ride.panels) {
  for (const series of panel.series) {
    ride.dates.forEach((date, i) => {
      const row = table.get(`${series.theory} ${date} ${panel.metric}`);
      for (const key of ["mean", "q10", "q90"]) {
        const shown = series[key][i], written = row && row[key] !== "" ? Number(row[key]) : null;
        compared++;
        if ((shown === null) !== (written === null) || (shown !== null && Math.abs(shown - written) > 5.1e-5)) unequal++;
      }
    });
  }
}
check("the ride is the native one", compared > 5000 && unequal === 0, `${unequal} of ${compared}`);
check("neutral stands beside the schools", ride.theories.some((t) => t.name === "neutral") && ride.theories.length === 4);
const said = await text(page, "#told"), runs = csv("run", "runs.csv");
for (const school of ["realism", "institutionalism", "constructivism"]) {
  const hits = runs.filter((r) => r.theory === school && r.framework === "1").length;
  check(`the sentence on ${school} has the native count`, said.includes(`Under ${school} a framework between NATO and CSTO formed in ${hits} of 3 runs`), said);
}
check("the bets are answered", (await page.$$("#answered li")).length >= 4);
await page.click('input[name=school][value=realism]');
const lines = () => page.$$eval("#chart-ride svg path", (all) => all.filter((p) => (p.getAttribute("stroke") ?? "").toUpperCase() === "#0072B2").length);
check("a school can be switched off", (await lines()) === 0);
check("a school has the colour of its lines beside its name", (await page.$eval(".swatch[data-theory=realism]", (e) => e.style.background)) === "rgb(0, 114, 178)");
for (const s of ["institutionalism", "constructivism", "neutral"]) await page.click(`input[name=school][value=${s}]`);
check("no school, no picture of all", (await text(page, "#chart-ride .canvas")).includes("No school"));
for (const s of ["realism", "institutionalism", "constructivism", "neutral"]) await page.click(`input[name=school][value=${s}]`);
check("and on again", (await lines()) > 0);
const title = await text(page, "#chart-ride .title");
await page.selectOption("#chart-ride .tools select", "cooperation_within_NATO");
check("the heading follows the choice", (await text(page, "#chart-ride .title")) !== title);
const first = await page.evaluate(() => { const d = twainView.views.get(document.getElementById("chart-ride")).data; return d.shown[0]; });
check("the upper picture is the one chosen above", first === "cooperation_within_NATO");
await shot(page, "3-schools");

// 4: a lever, by keyboard; the numbers of the table are those of the changed native run
await page.evaluate(() => { location.hash = "#lever?n=2"; });
await settled(page, "lever");
await page.focus('[id="lever-world.shadow"]');
for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
await page.waitForFunction(() => location.hash.includes("world.shadow"));
check("the address keeps the lever", (await page.evaluate(() => location.hash)).includes("world.shadow"));
await page.evaluate(() => { location.hash = "#lever?n=2&set=world.shadow%3D0.9"; });
await page.waitForFunction(() => document.getElementById("effect").innerText.includes("0.9"));
await settled(page, "lever");
await page.waitForFunction(() => !document.getElementById("chart-effects").hidden);
const moved = await page.evaluate(() => twainView.views.get(document.getElementById("chart-lever")).data);
const series = csv("lever", "series.csv");
let off = 0;
for (const s of moved.panels[0].series.filter((s) => s.theory !== "neutral")) {
  moved.dates.forEach((date, i) => {
    const rows = series.filter((r) => r.theory === s.theory && r.date === date).map((r) => r[moved.panels[0].metric]).filter((x) => x !== "").map(Number);
    const mean = rows.reduce((a, b) => a + b, 0) / rows.length;
    if (s.mean[i] !== null && Math.abs(s.mean[i] - mean) > 1e-4) off++;
  });
}
check("the moved lever shows the native run", off === 0, `${off} off`);
await shot(page, "4-lever");

// 5: why
await page.evaluate(() => { location.hash = "#why?why=" + encodeURIComponent(JSON.stringify({ theory: "realism", replication: 0, who: "USA", what: "vote", when: "2009Q3" })); });
await settled(page, "why");
await page.waitForFunction(() => document.querySelector("#trace table"));
const native = JSON.parse(fs.readFileSync(path.join(folder, "explain.json"), "utf8"));
const trace = await text(page, "#trace");
for (const t of native.terms) check(`the trace shows ${t.name}`, trace.includes(t.name) && trace.includes(`${t.value < 0 ? "−" : "+"}${Math.abs(t.value).toFixed(3)}`));
check("and what would have tipped it", /tipped/.test(trace));
check("and the other schools", /institutionalism would/.test(trace) && /constructivism would/.test(trace));
await shot(page, "5-why");
for (const what of ["membership", "cooperate", "contribute"]) {
  await page.selectOption("#why-what", what);
  await page.waitForFunction(() => !/…$/.test(document.getElementById("progress").textContent));
  await page.click("#ask .go");
  await page.waitForTimeout(400);
}
await page.waitForFunction(() => /spend/.test(document.getElementById("trace").innerText));

// 6: what if
await page.evaluate(() => { location.hash = "#whatif?n=3&cases=no-kosovo|majority"; });
await settled(page, "whatif");
await page.waitForFunction(() => document.querySelector("#differences table"));
const shown = await page.$$eval("#differences tbody tr", (rows) => rows.map((r) => [...r.cells].map((c) => c.innerText)));
const paired = csv("whatif", "whatif.csv");
const wrong = paired.filter((r) => !shown.some((s) => s[0] === r.theory && s[1] === r.label && s[2] === r.outcome.replaceAll("_", " ") && Math.abs(Number(s[6]) - Number(r.difference)) <= 0.006 * Math.abs(Number(r.difference)) + 1e-9));
check("the differences are the native ones", paired.length > 10 && wrong.length === 0, JSON.stringify(wrong[0]));
await page.fill("#own", "world.shadow = 0.9");
await page.press("#own", "Tab");
await page.keyboard.press("Enter");
await page.waitForFunction(() => document.getElementById("differences").innerText.includes("world.shadow"));
await settled(page, "whatif");
await shot(page, "6-whatif");
await page.fill("#own", "world.shadwo = 0.9");
await page.click("#compare");
await page.waitForFunction(() => /did you mean/.test(document.getElementById("mistake").textContent));
check("a mistyped change is refused with advice", true);

// 7: the verdict
await page.evaluate(() => { location.hash = "#verdict?n=2"; });
await settled(page, "verdict");
await page.click("#judge");
await page.waitForFunction(() => document.getElementById("words").textContent.length > 500);
await settled(page, "verdict");
const words = await page.$eval("#words", (e) => e.textContent);
const scores = csv("compare", "scoreboard.csv").filter((r) => r.split === "holdout");
for (const s of scores) check(`the verdict has ${s.theory}'s score`, words.includes(Number(s.score).toFixed(2)), s.score);
check("the bets are scored", (await text(page, "#settled")).includes("Brier"));
await shot(page, "7-verdict");

// sandbox, teacher, files
await page.evaluate(() => { location.hash = "#sandbox?n=2"; });
await settled(page, "sandbox");
await page.fill("#free", "organisation.NATO.decision = 'majority'");
await page.click("#apply");
await page.waitForFunction(() => document.getElementById("standing").innerText.includes("majority"));
await settled(page, "sandbox");
for (const chart of ["network", "burden"]) check(`the sandbox draws the ${chart}`, await page.$eval(`#chart-${chart}`, (e) => !e.hidden && e.querySelectorAll("svg path").length > 20));
await shot(page, "8-sandbox");
await rail(page, "teacher");
check("answers are folded away", (await page.$$eval("#debrief details", (all) => all.length > 3 && all.every((d) => !d.open))));
await shot(page, "9-teacher");
await page.evaluate(() => { location.hash = "#files?n=3"; });
await settled(page, "files");
for (const name of ["runs.csv", "series.csv", "votes.csv"]) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-file="${name}"]`)]);
  const text = fs.readFileSync(await download.path(), "utf8");
  check(`${name} handed out is the native one`, text === fs.readFileSync(path.join(folder, "run", name), "utf8"));
}
for (const kind of ["svg", "png"]) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-picture=${kind}]`)]);
  const file = path.join(pictures, `picture.${kind}`);
  fs.copyFileSync(await download.path(), file);
  check(`a chart as ${kind}`, fs.statSync(file).size > 5000);
}
await shot(page, "9-files");

// back and forward, a bookmark, the tab key
await page.goBack();
await settled(page, "teacher");
const long = await page.evaluate(() => window.long);
await page.focus(".skip");
const reached = new Set();
for (let i = 0; i < 40; i++) {
  await page.keyboard.press("Tab");
  reached.add(await page.evaluate(() => document.activeElement.dataset?.go ?? document.activeElement.id ?? document.activeElement.tagName));
}
for (const control of ["question", "verdict", "runs", "theme"]) check(`the tab key reaches ${control}`, reached.has(control), [...reached].join());
const unnamed = await page.evaluate(() => [...document.querySelectorAll("input, select, button")].filter((e) => !(e.labels?.length || e.textContent.trim() || e.getAttribute("aria-label"))).map((e) => e.outerHTML.slice(0, 80)));
check("every control has a name", unnamed.length === 0, unnamed.join());

// on paper, in the dark, without motion
await page.emulateMedia({ media: "print" });
const pdf = await page.pdf({ format: "A4", path: path.join(pictures, "lab.pdf") });
check("it prints", pdf.length > 50000);
await page.emulateMedia({ media: "screen" });

// a phone, in the dark
const phone = await open("nato-csto.html", { viewport: { width: 390, height: 800 }, colorScheme: "dark", hasTouch: true, isMobile: true, reducedMotion: "reduce" }, "#schools?n=2");
check("a dark room gets dark colours", (await phone.evaluate(() => document.documentElement.dataset.theme)) === "dark");
for (const station of ["question", "play", "schools", "lever", "why", "whatif", "verdict", "sandbox", "teacher", "files"]) {
  await phone.tap(`#rail a[data-go=${station}]`);
  await settled(phone, station);
  check(`nothing sticks out on a phone at ${station}`, (await overflow(phone)) <= 1, `${await overflow(phone)} px`);
  if (["question", "schools", "lever", "why"].includes(station)) await shot(phone, `phone-${station}`);
}

// the widths between phone and projector
for (const width of [700, 1920]) {
  const wide = await open("nato-csto.html", { viewport: { width, height: 1080 } }, "#schools?n=2");
  for (const station of ["question", "schools", "lever", "verdict"]) {
    await rail(wide, station);
    check(`nothing sticks out at ${width} at ${station}`, (await overflow(wide)) <= 1, `${await overflow(wide)} px`);
  }
  check(`an address may ask for other numbers of runs at ${width}`, (await wide.$eval("#runs", (e) => e.value)) === "2");
  await wide.close();
}

// another language: the same figures in other words
const french = await open("french.html", {}, "#schools?n=3");
await settled(french, "schools");
check("the page says its language", (await french.evaluate(() => document.documentElement.lang)) === "fr");
const rides = await french.evaluate(() => { const d = twainView.views.get(document.getElementById("chart-ride")).data; return d.panels[0].series.map((s) => s.mean.at(-1)); });
check("French lines are the English ones", JSON.stringify(rides) === JSON.stringify(ride.panels[0].series.map((s) => s.mean.at(-1))));
for (const words of ["Trois écoles, un monde", "Russie et OTAN", "réalisme"]) check(`it says ${words}`, (await text(french, "#schools")).includes(words));
for (const station of ["question", "play", "lever", "why", "whatif", "verdict", "sandbox", "teacher", "files"]) await rail(french, station);
check("French raises no mistake", (await text(french, "#mistake")) === "", await text(french, "#mistake"));
await shot(french, "french");

// other scenarios: what they lack is left out with a word
for (const file of ["two-blocs.html", "cold-war.html"]) {
  const other = await open(file, {}, "#question?n=2");
  for (const station of ["schools", "lever", "verdict"]) await rail(other, station);
  check(`${file} has its ride`, (await other.evaluate(() => twainView.views.size)) > 0);
  check(`${file} raises no mistake`, (await text(other, "#mistake")) === "", await text(other, "#mistake"));
  await shot(other, file.replace(".html", ""));
}

// how fast: page to first picture, and a hundred runs of three schools
const quick = await open("nato-csto.html", {}, "#schools?n=100");
await quick.waitForFunction(() => window.twainLab.precise);
const times = await quick.evaluate(() => ({ ready: twainLab.ready, picture: twainLab.picture, precise: twainLab.precise, long: window.long }));
console.log(`ready ${Math.round(times.ready)} ms, first picture ${Math.round(times.picture)} ms, 100 runs of each ${(times.precise / 1000).toFixed(1)} s, longest task ${Math.max(0, ...times.long)} ms (walk: ${Math.max(0, ...long)} ms)`);
check("no console message", problems.length === 0, problems.slice(0, 5).join(" | "));
check("no network request", requests.length === 0, requests.join(" | "));
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
