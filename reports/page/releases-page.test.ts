import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { expect } from 'vitest';
import type { ReleasesReport } from '../../helpers/contract/releases.ts';
import { testWhere } from '../../helpers/contract/run-where.ts';
import { inTemporaryDirectory } from '../../helpers/temporary-directory.ts';
import { renderReleases } from '../releases.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** A message of a failure that tries to break out of its HTML element. */
const HOSTILE = '</script><img src=x onerror=\'document.title="owned"\'>';

const REPORT: ReleasesReport = {
  schema: 'kata-cc-suite/releases/1',
  columns: [
    {
      release: '3.2.0',
      version: '3.2.0',
      commit: 'a'.repeat(40),
      at: 0,
      claims: {
        'suites/a.spec.ts > group > a claim': { outcome: 'skipped', why: 'since 3.13.0 (GetFoo)' },
        'suites/a.spec.ts > group > another': { outcome: 'failed', why: HOSTILE },
      },
    },
    {
      release: '3.8.0',
      version: '3.8.0',
      commit: 'b'.repeat(40),
      at: 0,
      problem: { what: 'could not be built', why: 'error[E0432]: unresolved import' },
      claims: {},
    },
    {
      release: '4.0.0',
      version: '4.0.0',
      commit: 'c'.repeat(40),
      at: 0,
      claims: {
        'suites/a.spec.ts > group > a claim': { outcome: 'passed' },
        'suites/a.spec.ts > group > another': {
          outcome: 'failed',
          why: 'explained',
          knownIssue: 'https://a.example/1',
        },
      },
    },
  ],
};

testWhere(executablePath !== undefined || 'no Chromium or Chrome is installed')(
  'the page of releases has a row for each claim, and says why claims were skipped or a release was not tested',
  () =>
    inTemporaryDirectory(join(tmpdir(), 'kata-cc-releases-page-'), async (directory) => {
      const file = join(directory, 'releases.html');
      await writeFile(file, await renderReleases(REPORT));
      const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(file).href);
        expect(await page.locator('.matrix tbody tr').allInnerTexts()).toEqual([
          'suites/a.spec.ts',
          expect.stringMatching(/^group › a claim\s+– skipped1\s+could not be built\s+· passed$/),
          'suites/a.spec.ts',
          expect.stringMatching(/^group › another\s+× failed\s+could not be built\s+× failed known issue$/),
        ]);
        expect(await page.locator('h1').textContent()).toBe(
          '2 releases tested, 1 could not be; 1 claim failed; 1 failure by known issues',
        );
        expect(await page.locator('h2').allInnerTexts()).toEqual([
          'Failures',
          'Claims whose outcome differs between releases (1)',
          'Claims with one outcome (1)',
          'Why claims were skipped',
        ]);
        expect(await page.locator('#reason-1').textContent()).toBe('1 since 3.13.0 (GetFoo)');
        expect(await page.locator('.outcomes').textContent()).toContain('error[E0432]: unresolved import');
        expect(await page.locator('.failures').textContent()).toContain(HOSTILE);
        expect(await page.title()).toBe('releases of Kata (3): kata-cc-suite');
      } finally {
        await browser.close();
      }
    }),
);
