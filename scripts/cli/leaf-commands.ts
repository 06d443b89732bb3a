import type { Command } from 'commander';

/** A command that does something, with the words that lead to it. */
export interface Leaf {
  /** e.g. `flags set` */
  path: string;
  command: Command;
}

/** Every command below this one that does something, in the order of the help. */
export function leafCommands(command: Command, words: readonly string[] = []): Leaf[] {
  return command.commands.flatMap((child) => {
    const path = [...words, child.name()];
    return child.commands.length > 0
      ? leafCommands(child, path)
      : [{ path: path.join(' '), command: child }];
  });
}
