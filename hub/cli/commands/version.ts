/** `nhip version` */
import { version as hubVersion } from '../../version.ts';
import { readArguments } from '../arguments.ts';
import type { Command } from '../io.ts';

export const version: Command = {
  name: 'version',
  summary: 'Prints the versions of the hub and of Node',
  usage: '[--json]',
  help: [],
  async run(args, io) {
    const { values } = readArguments(args, {});
    const versions = { nhip: hubVersion, node: io.nodeVersion };
    io.out(values.json ? JSON.stringify(versions) : `nhip ${versions.nhip} (node ${versions.node})`);
    return 0;
  },
};
