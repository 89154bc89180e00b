import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { run } from '../../../helpers/process/exec.ts';

/**
 * The only symbol of glibc in the distribution's libseccomp.a that musl lacks: gcc calls it for fprintf with
 * _FORTIFY_SOURCE.
 */
const FORTIFIED = `#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *stream, int flag, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)flag;
  int written = vfprintf(stream, format, arguments);
  va_end(arguments);
  return written;
}
`;

/**
 * Writes a directory with the distribution's static libseccomp, completed for musl, from which the crate libseccomp-sys
 * links it. Upstream builds libseccomp for musl from its release archive. Returns the environment of cargo. The
 * directory must be the same for each build: cargo compiles libseccomp-sys again when its path changes.
 */
export async function libseccompForMusl(directory: string, signal: AbortSignal): Promise<Record<string, string>> {
  try {
    const query = async (option: string): Promise<string> =>
      (await run(['pkg-config', option, 'libseccomp'], { signal })).stdout.trim();
    const archive = join(directory, 'libseccomp.a');
    const [source, object] = [join(directory, 'fortified.c'), join(directory, 'fortified.o')];
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'pkgconfig'), { recursive: true });
    await copyFile(join(await query('--variable=libdir'), 'libseccomp.a'), archive);
    await writeFile(source, FORTIFIED);
    await run(['musl-gcc', '-O2', '-c', source, '-o', object], { signal });
    await run(['ar', 'r', archive, object], { signal });
    // Without this file, pkg-config names the directory of glibc's libraries, and the linker takes libc.a from there.
    await writeFile(
      join(directory, 'pkgconfig/libseccomp.pc'),
      `Name: libseccomp\nDescription: for musl\nVersion: ${await query('--modversion')}\nLibs: -L${directory} -lseccomp\n`,
    );
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ProvisionError(
      'agent',
      `no static libseccomp for musl: ${messageOf(cause)}; install musl-tools, pkg-config and libseccomp-dev, or set KATA_AGENT_LIBC=gnu`,
      { cause },
    );
  }
  return {
    LIBSECCOMP_LINK_TYPE: 'static',
    LIBSECCOMP_LIB_PATH: directory,
    PKG_CONFIG_PATH: join(directory, 'pkgconfig'),
    PKG_CONFIG_ALLOW_CROSS: '1',
  };
}
