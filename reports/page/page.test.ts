import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../../helpers/contract/evidence.ts';
import { describeWhere } from '../../helpers/contract/run-where.ts';
import type { RunReport, Test } from '../model.ts';
import { renderPage } from '../page.ts';
import { buildReport } from '../run/build.ts';
import { BEGUN, exampleFacts, exampleSources, exampleTest, REFUSAL } from '../run/example-run.ts';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = BROWSERS.find(existsSync);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const [FEW, MANY] = [100, 1_000];
/** Largest allowed ratio of the load times of two pages, of which one has ten times as many tests as the other. */
const MOST = 5;
/** Output of a test that tries to break out of its HTML element. */
const HOSTILE = '</script><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>';

/** Console output of an agent with verbose logs, some 30 KiB. */
const CONSOLE = Array.from({ length: 120 }, (_, index) =>
  JSON.stringify({
    msg: index === 60 ? HOSTILE : `line ${index} of the log of the agent`,
    level: index % 3 === 0 ? 'INFO' : 'DEBG',
    ts: new Date(BEGUN + 1_000 + index).toISOString(),
    subsystem: 'rpc',
    name: 'kata-agent',
    ...(index === 7 ? { image: 'quay.io/x:unsigned' } : {}),
  }),
).join('\n');

let directory: string;
let browser: Browser;
let file: string;
/** File of the page that has only a tenth of the tests. */
let smallFile: string;

function manyTests(count = MANY): Test[] {
  return Array.from({ length: count }, (_, index) =>
    exampleTest(`claim ${index}`, {
      file: `suites/part-${index % 10}.spec.ts`,
      groups: [`group ${index % 40}`],
      evidence: `run-${index}`,
      startedAt: BEGUN + index * 20,
      ...(index === 500
        ? { outcome: 'failed', failures: [{ ...REFUSAL, message: `${REFUSAL.message} ${HOSTILE}` }] }
        : {}),
      ...(index === 501 ? { outcome: 'skipped', reason: 'no such thing here' } : {}),
    }),
  );
}

async function writeEvidence(name: string): Promise<void> {
  const evidence: Evidence = {
    test: name,
    startedAt: BEGUN + 1_000,
    endedAt: BEGUN + 1_500,
    reproduce: `pnpm test suites/x.spec.ts -t '${name}$'`,
    guests: [
      { sandboxId: 'guest-1', kernelParameters: 'agent.log=debug agent.debug_console', before: ['suites/w.spec.ts'] },
    ],
    calls: [
      {
        peer: 'guest-1',
        method: 'grpc.Image/PullImage',
        request: { image: 'quay.io/x:unsigned', containerId: 'ctr-1', sourceCreds: '******' },
        status: 'internal',
        details: 'failed to pull image: ExitStatus(unix_wait_status(256))',
        startedAt: BEGUN + 1_001,
        durationMs: 90,
      },
    ],
    files: [
      { name: 'guest-1-console.log', title: 'console of guest-1, raw', kind: 'console' },
      { name: 'guest-1-files.txt', title: 'files in guest-1', kind: 'files' },
    ],
  };
  const folder = join(directory, 'evidence', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'evidence.json'), JSON.stringify(evidence));
  await writeFile(join(folder, 'guest-1-console.log'), CONSOLE);
  await writeFile(join(folder, 'guest-1-files.txt'), 'drwx------ /run/kata-containers/ctr-1\n'.repeat(200));
}

/** Why spec files ran, as `pnpm kata watch` says. */
const WATCHED = [
  { file: 'suites/part-1.spec.ts', reasons: ['failed in the last run', 'saved'] },
  { file: 'suites/part-2.spec.ts', reasons: ['calls GetFoo, which src/agent/src/rpc.rs (changed) serves'] },
];

function reportOf(tests: Test[]): RunReport {
  const { report } = buildReport(
    exampleSources({
      collected: { tests, errors: [], facts: [exampleFacts({ watch: WATCHED })], timings: [], repeated: [] },
      endedAt: BEGUN + 30_000,
      tables: [
        { title: 'Mutants', columns: ['mutant', 'killed'], rows: [['policy never read', true]], notes: ['all killed'] },
      ],
    }),
  );
  return report;
}

describeWhere(executablePath !== undefined || 'no Chromium or Chrome is installed')('the report page', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-page-'));
    const tests = manyTests();
    for (const { evidence = '' } of tests) await writeEvidence(evidence);
    [file, smallFile] = [
      await writePage('index.html', tests),
      await writePage('small.html', tests.slice(450, 450 + FEW)),
    ];
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function writePage(name: string, tests: Test[]): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, await renderPage(reportOf(tests), join(directory, 'evidence')));
    return path;
  }

  const complaints: string[] = [];
  async function openPage(
    options: { width?: number; colorScheme?: 'light' | 'dark'; shown?: string; ready?: string } = {},
  ): Promise<Page> {
    const { width = 1_280, colorScheme = 'light', shown = file, ready = '.axis' } = options;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    complaints.length = 0;
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (url !== pathToFileURL(shown).href && !url.startsWith('data:')) complaints.push(`request for ${url}`);
    });
    await page.goto(pathToFileURL(shown).href);
    await page.waitForSelector(ready);
    return page;
  }

  test('the report page shows request, response, console and files of a failed test without a click', async () => {
    await using page = await openPage();
    expect(await page.textContent('h1')).toBe('1 of 999 tests failed, 1 not run');
    const details = (await page.textContent('.failed .details')) ?? '';
    expect(details).toContain('-   "status": "internal"');
    expect(details).toContain('image: quay.io/x:unsigned');
    expect(details).toContain('internal failed to pull image: ExitStatus(unix_wait_status(256))');
    expect(details).toContain('line 3 of the log of the agent');
    expect(details).toContain('/run/kata-containers/ctr-1');
    expect(details).toContain("pnpm test suites/x.spec.ts -t 'run-500$'");
    expect(details).toContain('guest-1 had already run the tests of suites/w.spec.ts');
    // The RPC call is beside the console lines that were printed during it.
    const [call, line] = await Promise.all([
      page.locator('.call').boundingBox(),
      page.locator('.line').nth(3).boundingBox(),
    ]);
    expect(line?.x).toBeGreaterThan((call?.x ?? 0) + (call?.width ?? 0));
    expect(line?.y).toBeGreaterThan(call?.y ?? 0);
    expect(line?.y).toBeLessThan((call?.y ?? 0) + (call?.height ?? 0));
  });

  test('the report page shows why pnpm kata watch ran each spec file', async () => {
    await using page = await openPage();
    const rows = page.locator('section', { hasText: 'What ran because of what' }).locator('tbody tr');
    expect(await rows.allTextContents()).toEqual([
      'suites/part-1.spec.tsfailed in the last run; saved',
      'suites/part-2.spec.tscalls GetFoo, which src/agent/src/rpc.rs (changed) serves',
    ]);
  });

  test('the report page shows markup printed by a test as text, logs no errors, and sends no requests', async () => {
    await using page = await openPage();
    expect(await page.title()).toContain('998 passed');
    expect(await page.textContent('.failed .details')).toContain(HOSTILE);
    expect(complaints).toEqual([]);
  });

  test('the report page of a thousand tests with evidence loads in less than five times the time of a hundred', async () => {
    const shownAfter = async (shown: string): Promise<number> => {
      await using page = await openPage({ shown });
      return await page.evaluate(() => performance.getEntriesByName('shown')[0]?.startTime ?? Number.NaN);
    };
    const times: { few: number; many: number }[] = [];
    // The two pages are loaded alternately, since the speed of the machine varies.
    for (let turn = 0; turn < 3; turn += 1) {
      times.push({ few: await shownAfter(smallFile), many: await shownAfter(file) });
    }
    const least = (which: 'few' | 'many'): number => Math.min(...times.map((turn) => turn[which]));
    expect(least('many') / least('few')).toBeLessThan(MOST);
  });

  test('the report page of five thousand tests lists all of them, and finds one by search', async () => {
    const path = await writePage('large.html', manyTests(5_000));
    await using page = await openPage({ shown: path });
    expect(await page.locator('button.row').count()).toBe(5_000);
    await page.fill('#search', 'claim 4999');
    expect(await page.locator('button.row').allTextContents()).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('the report page of a run without tests says that nothing ran', async () => {
    const path = await writePage('nothing.html', []);
    await using page = await openPage({ shown: path, ready: 'footer' });
    expect(await page.textContent('h1')).toBe('Nothing ran');
    expect(await page.textContent('.verdicts .red')).toContain('nothing ran: there are no tests');
    expect(complaints).toEqual([]);
  });

  test('the report page cuts off no label of its time axis, and its filter does not count errors outside tests', async () => {
    const { report } = buildReport(
      exampleSources({
        collected: {
          tests: manyTests().map((own, index) => ({ ...own, startedAt: BEGUN + index * 100 })),
          errors: [{ name: 'Error', message: 'outside tests', stack: [] }],
          facts: [exampleFacts()],
          timings: [],
          repeated: [],
        },
      }),
    );
    const path = join(directory, 'errors.html');
    await writeFile(path, await renderPage(report, join(directory, 'evidence')));
    await using page = await openPage({ shown: path });
    const cut = await page.evaluate(() => {
      const right = document.querySelector('.timeline')?.getBoundingClientRect().right ?? 0;
      return [...document.querySelectorAll('.timeline .label')]
        .filter((label) => label.getBoundingClientRect().right > right + 1)
        .map((label) => label.textContent);
    });
    expect(cut).toEqual([]);
    expect(await page.locator('.filter button').allTextContents()).toEqual(['1 failed', '998 passed', '1 skipped']);
  });

  test.for([
    ['light', 1_280],
    ['dark', 1_280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'axe finds no accessibility violations on the report page: %s theme, %i pixels wide',
    async ([colorScheme, width]) => {
      await using page = await openPage({ colorScheme, width });
      // The accessibility check gets ten rows of each kind: axe takes minutes for a table of a thousand rows.
      await page.fill('#search', 'group 20');
      await page.evaluate(() => {
        for (const row of document.querySelectorAll('.matrix tr:nth-child(n+12)')) row.remove();
      });
      await page.addScriptTag({ path: AXE });
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(violations).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    },
  );

  test('the report page searches test names and RPC methods, filters by outcome, and Escape resets both', async () => {
    await using page = await openPage();
    const rows = page.locator('button.row');
    await page.keyboard.press('/');
    await page.keyboard.type('claim 77 pullimage');
    expect(await rows.allTextContents()).toHaveLength(19);
    await page.keyboard.press('Escape');
    expect(await rows.count()).toBe(MANY);
    await page.keyboard.press('f');
    expect(await rows.count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.click('.filter .skipped');
    expect(await rows.textContent()).toContain('no such thing here');
  });

  test('the report page is navigable by keyboard, and each test has its own URL', async () => {
    await using page = await openPage();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const focused = page.locator('button.row:focus');
    expect(await focused.getAttribute('aria-expanded')).toBe('true');
    const hash = new URL(page.url()).hash;
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    expect(await page.locator('button.row[aria-expanded=true]').count()).toBe(1);
  });
});
