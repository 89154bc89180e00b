import { projectPath } from '../project.ts';

/** The command by which an undo runs a script of this project, `setup/…-command.ts`, from any directory. */
export function undoScript(script: string, ...args: readonly string[]): string[] {
  return ['env', '-C', projectPath('.'), process.execPath, script, ...args];
}
