import { describe, expect, test } from 'vitest';
import { parseIndexTargets } from './apt.ts';

describe('the archives of a distribution', () => {
  test("parseIndexTargets selects Debian's release, updates and security archives, not backports, other origins or discs", () => {
    const lines = [
      'Debian|http://mirror.example/debian/|bookworm|stable|main',
      'Debian|http://mirror.example/debian/|bookworm|stable|contrib',
      'Debian|http://mirror.example/debian/|bookworm-updates|stable-updates|main',
      'Debian|http://mirror.example/debian/|bookworm-backports|stable-backports|main',
      'Debian|http://mirror.example/security/|bookworm-security|stable-security|main',
      'Debian|http://mirror.example/debian/|sid|unstable|main',
      'Other|http://other.example/|bookworm|bookworm|main',
      'Debian|cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64 DVD]/|bookworm|stable|main',
    ];
    expect(parseIndexTargets(lines.join('\n'), 'bookworm')).toEqual([
      { uri: 'http://mirror.example/debian/', suite: 'bookworm', components: ['contrib', 'main'] },
      { uri: 'http://mirror.example/debian/', suite: 'bookworm-updates', components: ['main'] },
      { uri: 'http://mirror.example/security/', suite: 'bookworm-security', components: ['main'] },
    ]);
  });

  test("parseIndexTargets selects Ubuntu's release, updates and security archives, not proposed", () => {
    const lines = ['noble', 'noble-updates', 'noble-security', 'noble-proposed'].map(
      (suite) => `Ubuntu|http://mirror.example/ubuntu/|noble|${suite}|main`,
    );
    expect(parseIndexTargets(lines.join('\n'), 'noble').map(({ suite }) => suite)).toEqual([
      'noble',
      'noble-updates',
      'noble-security',
    ]);
  });

  test('parseIndexTargets throws for a missing archive of the distribution and suggests apt-get update', () => {
    expect(() => parseIndexTargets('', 'bookworm')).toThrow('apt knows no archive of bookworm; run apt-get update');
  });
});
